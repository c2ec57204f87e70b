"use strict";
(() => {
	const page = 100;
	const data = JSON.parse(document.getElementById("data").textContent);
	const all = (selector) => [...document.querySelectorAll(selector)];
	const byId = (id) => document.getElementById(id);
	const number = (n) => n.toLocaleString("en");
	const kind = (id) => data.filters[id - 1][0];
	const value = (id) => data.filters[id - 1][1];
	const rows = all("#exchanges tbody tr").map((tr) => ({ tr, ids: new Set(tr.dataset.ids.split(" ").map(Number)) }));
	const sets = data.sets.map((ids) => new Set(ids));
	const chosen = new Set();
	let limit = page;

	// Filters of one kind add to each other, those of several kinds narrow each other down.
	function wanted(but) {
		const groups = new Map();
		for (const id of chosen) if (kind(id) !== but) groups.set(kind(id), [...(groups.get(kind(id)) ?? []), id]);
		return [...groups.values()];
	}
	const fits = (groups, has) => groups.every((group) => group.some(has));

	// Renders are in no set, since each is rare: under such a filter only what is listed can be counted.
	const exact = () => ![...chosen].some((id) => kind(id) === "render");
	const count = (groups, id) => exact()
		? data.cells.filter(([stretch, set]) => {
			const has = (one) => one === stretch || sets[set].has(one);
			return (!id || has(id)) && fits(groups, has);
		}).reduce((sum, cell) => sum + cell[2], 0)
		: rows.filter((row) => (!id || row.ids.has(id)) && fits(groups, (one) => row.ids.has(one))).length;

	const words = { read: "unread", accepted: "accepted" };
	const name = (id) => words[kind(id)] ?? value(id);
	const controls = []; // of filters: the element, its filter, and what it is called

	function toggle(id) {
		chosen.has(id) ? chosen.delete(id) : chosen.add(id);
		limit = page;
		remember();
		show();
	}

	function remember() {
		const wish = new URLSearchParams([...chosen].map((id) => [kind(id), value(id)])).toString();
		history.replaceState(null, "", wish ? "#" + wish : location.pathname + location.search);
	}

	function recall() {
		const wish = [...new URLSearchParams(location.hash.slice(1))];
		chosen.clear();
		for (const [k, v] of wish) {
			const i = data.filters.findIndex(([fk, fv]) => fk === k && fv === v);
			if (i >= 0) chosen.add(i + 1);
		}
		limit = page;
		show();
	}

	function show() {
		const groups = wanted();
		const matching = rows.filter((row) => fits(groups, (id) => row.ids.has(id)));
		const visible = new Set(matching.slice(0, limit));
		for (const row of rows) row.tr.hidden = !visible.has(row);
		for (const { mark, press, id } of controls) {
			mark.classList.toggle("on", chosen.has(id));
			press.setAttribute("aria-pressed", chosen.has(id));
		}
		for (const svg of all(".bars")) svg.classList.toggle("some", svg.querySelector(".on") !== null);
		for (const tile of all("[data-tile]")) tile.querySelector(".count").textContent = tileCount(tile);
		const n = count(groups);
		const whole = document.querySelector("[data-all] .count");
		whole.textContent = chosen.size ? number(n) : whole.dataset.whole;
		document.querySelector("[data-all] .about").textContent = chosen.size ? "of " + whole.dataset.whole : "exchanges in all";
		tell(n, matching.length, visible.size);
	}

	// A tile tells what would be added, so it does not follow the filters of its own kind.
	function tileCount(tile) {
		const id = Number(tile.dataset.tile);
		const whole = tile.querySelector(".count").dataset.whole;
		if (kind(id) === "accepted" || !wanted(kind(id)).length) return whole;
		return number(count(wanted(kind(id)), id));
	}

	function tell(n, listed, visible) {
		const atLeast = data.rough && exact() ? "at least " : "";
		const noun = n === 1 ? " exchange" : " exchanges";
		byId("bar").hidden = chosen.size === 0;
		byId("matches").textContent = atLeast + number(n) + (exact() ? "" : " listed") + noun;
		byId("chosen").replaceChildren(...[...chosen].map(tag));
		if (!byId("listed")) return;
		byId("listed").textContent = listed
			? "Showing " + number(visible) + " of " + number(listed) + " listed" + (chosen.size ? ", filtered" : "") + "."
			: "None of the listed exchanges matches.";
		byId("more").parentElement.hidden = visible >= listed;
	}

	function tag(id) {
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = name(id) + " ×";
		button.setAttribute("aria-label", "Remove the filter " + kind(id) + " " + name(id));
		button.addEventListener("click", () => {
			toggle(id);
			(byId("chosen").querySelector("button") ?? document.querySelector("nav a")).focus();
		});
		return button;
	}

	function control(press, mark, id) {
		controls.push({ press, mark, id });
		press.addEventListener("click", () => toggle(id));
	}

	function button(element) {
		const out = document.createElement("button");
		out.type = "button";
		out.append(...element.childNodes);
		element.append(out);
		return out;
	}

	for (const element of all("[data-filter]")) {
		const id = Number(element.dataset.filter);
		if (!id) continue;
		control(button(element), element, id);
	}
	for (const count of all(".tile .count")) count.dataset.whole = count.textContent;
	for (const tile of all("[data-tile]")) {
		const cover = document.createElement("button");
		cover.type = "button";
		cover.className = "cover";
		cover.setAttribute("aria-label", "Only " + tile.querySelector(".name").textContent);
		tile.append(cover);
		control(cover, tile, Number(tile.dataset.tile));
	}

	// One stop of the tab key for the whole chart; the arrow keys go from bar to bar.
	const bars = all("[data-bar]");
	bars.forEach((bar, i) => {
		bar.setAttribute("role", "button");
		bar.setAttribute("tabindex", i ? -1 : 0);
		bar.setAttribute("aria-label", bar.dataset.label);
		control(bar, bar, Number(bar.dataset.bar));
		bar.addEventListener("keydown", (event) => {
			const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
			const next = bars[i + step];
			if (event.key === "Enter" || event.key === " ") toggle(Number(bar.dataset.bar));
			else if (!next) return;
			event.preventDefault();
			if (!next) return;
			bar.setAttribute("tabindex", -1);
			next.setAttribute("tabindex", 0);
			next.focus();
		});
	});

	// The fragment holds the filters, so a link to a part of the page must not take its place.
	for (const link of all("nav a, #bar a")) {
		link.addEventListener("click", (event) => {
			event.preventDefault();
			document.querySelector(link.getAttribute("href")).scrollIntoView();
		});
	}
	byId("clear").addEventListener("click", () => {
		chosen.clear();
		limit = page;
		remember();
		show();
	});
	byId("more")?.addEventListener("click", () => {
		limit += page;
		show();
	});
	addEventListener("hashchange", recall);
	addEventListener("beforeprint", () => { for (const row of rows) row.tr.hidden = !fits(wanted(), (id) => row.ids.has(id)); });
	addEventListener("afterprint", show);
	for (const element of all("[data-script]")) element.hidden = false;
	recall();
})();
