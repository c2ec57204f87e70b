package contracttest

// Ledger explains a witness' disagreements by the table, and counts which rows that took.
type Ledger struct {
	Rows   []Disagreement
	Needed []int // how many disagreements each row had a part in
}

// NewLedger opens the ledger of one witness.
func NewLedger(w Witness) *Ledger {
	rows := Disagreements(w)
	return &Ledger{rows, make([]int, len(rows))}
}

// mostRows is how many rows may take part in one disagreement.
const mostRows = 4

// Explain returns the fewest rows that explain why a witness accepts or refuses an answer: ours says the same of it once it
// is misread so. There are none if the table does not explain it.
func (l *Ledger) Explain(document, body []byte, theirs Outcome) []Disagreement {
	return l.fewest(read(document, body).modern(), false, func(r *reading) bool { return r.refused() == (theirs == Refuses) })
}

// Excuse returns the fewest rows that explain why a witness fails: without what they are about, it does not.
func (l *Ledger) Excuse(document []byte, load Loader) []Disagreement {
	return l.fewest(read(document, nil), true, func(r *reading) bool {
		judge, err := load(r.text())
		return judge != nil && err == nil
	})
}

func (l *Ledger) fewest(r *reading, failing bool, explains func(*reading) bool) (out []Disagreement) {
	for n := 1; n <= mostRows && out == nil; n++ {
		for _, i := range l.search(r, failing, 0, n, explains) {
			l.Needed[i]++
			out = append(out, l.Rows[i])
		}
	}
	return out
}

// search finds n rows, from one on, that each change what is read, one after the other, into something that explains.
func (l *Ledger) search(r *reading, failing bool, from, n int, explains func(*reading) bool) []int {
	for i := from; i < len(l.Rows); i++ {
		if (l.Rows[i].Theirs == Fails) != failing {
			continue
		}
		next := r.as(l.Rows[i].misreading)
		if next.equal(r) {
			continue
		}
		if n > 1 {
			if more := l.search(next, failing, i+1, n-1, explains); more != nil {
				return append([]int{i}, more...)
			}
		} else if explains(next) {
			return []int{i}
		}
	}
	return nil
}
