package media

import (
	"fmt"
	"strings"
	"time"
)

// ticks is in how many parts a second is counted for pictures: the moments of all usual rates, NTSC's as well, fall on whole ones.
const ticks = 120_000

func inTicks(d time.Duration) int64 { return (d.Microseconds()*ticks + 500_000) / 1_000_000 }

// steady puts silence where there is no sound yet, and where it is interrupted, so that what follows is heard at its moment.
const steady = "aresample=async=1:first_pts=0"

// joined are the chains that cut the segments out of their stretches and put them one behind the other, as [v] and [a]. Pictures get
// the moments of the output one by one: a filter that joins segments would guess how long the last picture of each is shown.
func (t Task) joined() (chains []string) {
	stretches := t.stretches()
	if t.pictures() {
		var all strings.Builder
		joint := int64(0)
		for i, s := range stretches {
			s.closed = i == len(stretches)-1 && t.thins()
			chains = append(chains, s.shown(i, joint, t.Source.picture()))
			fmt.Fprintf(&all, "[v%d]", i)
			joint += s.kept()
		}
		chains = append(chains, fmt.Sprintf("%sinterleave=nb_inputs=%d[v]", all.String(), len(stretches)))
	}
	if t.sound() {
		chains = append(chains, joinedSound(stretches)...)
	}
	return chains
}

// shown are the chains that lead from the pictures of input number i to [v…]: those that appear in the stretch's segments, at their
// moments in the output, where the stretch begins at joint. The first of each segment is shown from its very beginning. If none
// appears for as long as one, picture, lasts, the one that is still seen from before comes first, and those that appear stay in step
// with the sound. If the stretch is closed its last picture comes once more at its end.
func (s stretch) shown(i int, joint int64, picture time.Duration) string {
	var start, begin staircase
	var within []string
	for k, part := range s.parts {
		from, to := s.moments(part)
		start.step(fmt.Sprintf("gte(PTS,%d)", from), from)
		begin.step(fmt.Sprintf("gte(PTS,%d)", from), joint)
		within = append(within, fmt.Sprintf("gte(pts,%[1]d)*lt(pts,%[2]d)*not(mod(pts,2)*gte(prev_selected_pts,%[1]d))", from, to))
		joint += to - from
		if s.closed && k == len(s.parts)-1 {
			within = append(within, fmt.Sprintf("eq(pts,%d)", to-1))
		}
	}
	return fmt.Sprintf("%s;[r%[2]d]select='%[3]s',setpts='st(0,%[4]s);%[5]s+if(gte(PREV_INPTS,ld(0))+gt(PTS-ld(0),%[6]d),PTS-ld(0))'[v%[2]d]",
		s.repeated(i, picture), i, strings.Join(within, "+"), start, begin, 2*inTicks(picture))
}

// repeated are the chains that lead from the pictures of input number i to [r…]: each at its moment, which is even, and, at an odd
// one soon after each segment's start and at the very end, the one that is seen then once more. A clock that ticks at those has streamselect do this. It
// works while there is something to come on both sides: so the clock also ticks before and after everything, and the first picture
// comes once more at a moment that never is.
func (s stretch) repeated(i int, picture time.Duration) string {
	var clock staircase
	clock.step("1", -never)
	for k, part := range s.parts {
		from, _ := s.moments(part)
		clock.step(fmt.Sprintf("gte(N,%d)", k+1), max(from+2*inTicks(picture), from+2)-1)
	}
	_, end := s.moments(s.parts[len(s.parts)-1])
	clock.step(fmt.Sprintf("gte(N,%d)", len(s.parts)+1), end-1)
	clock.step(fmt.Sprintf("gte(N,%d)", len(s.parts)+2), never/2)
	return strings.Join([]string{
		fmt.Sprintf("nullsrc=size=2x2,trim=end_frame=%d,settb=1/%d,setpts='%s'[c%d]", len(s.parts)+3, 2*ticks, clock, i),
		fmt.Sprintf("[%[1]d:V:0]settb=1/%[2]d,trim=end_pts=%[3]d,split[p%[1]d][q%[1]d]", i, ticks, end/2),
		fmt.Sprintf("[q%[1]d]trim=end_frame=1,setpts=%[2]d[n%[1]d]", i, int64(never/2)),
		fmt.Sprintf("[p%[1]d][n%[1]d]interleave,settb=1/%[2]d,settb=1/%[3]d[e%[1]d]", i, ticks, 2*ticks),
		fmt.Sprintf("[e%[1]d][c%[1]d]streamselect=inputs=2:map=0[r%[1]d]", i),
	}, ";")
}

// never is a moment that no file reaches, in half ticks.
const never = 1 << 52

// moments are when a segment of the stretch starts and ends in what is read for it, in half ticks, both even.
func (s stretch) moments(part Segment) (from, to int64) {
	return 2 * inTicks(part.Start-s.skipped), 2 * inTicks(part.End-s.skipped)
}

// staircase is a sum, for an expression of ffmpeg's, that goes from one value to the next where a condition begins to hold.
type staircase struct {
	sum  []string
	last int64
}

func (s *staircase) step(condition string, value int64) {
	s.sum = append(s.sum, fmt.Sprintf("%s*(%d)", condition, value-s.last))
	s.last = value
}

func (s staircase) String() string { return strings.Join(s.sum, "+") }

// kept is how long the stretch's segments are together, in half ticks.
func (s stretch) kept() (sum int64) {
	for _, part := range s.parts {
		from, to := s.moments(part)
		sum += to - from
	}
	return sum
}

// lastPicture has the last one of a cut last until the end, and below a frame rate for as long as the others: encoders do not know.
// The muxer goes by that packet which comes last and by that which is shown last, of which the duration is made right here.
func (t Task) lastPicture() []string {
	length, least := t.length(), time.Duration(0)
	switch r := t.Spec.FrameRate; {
	case t.Segments == nil:
		return nil
	case t.thins():
		least = time.Duration(float64(time.Second) / *r)
	case r != nil:
		least = time.Duration(float64(time.Second) / *r * (1 + spare))
	}
	return []string{"-bsf:v", fmt.Sprintf("setts=pts=PTS:dts=DTS:duration='max(%s/TB-max(PTS,DTS-STARTDTS),max(%s/TB,1))'",
		inSeconds(length), inSeconds(min(least, length)))}
}

// joinedSound are the chains for the sound of all segments. Where there is none yet, or none any more, there is silence.
func joinedSound(stretches []stretch) (chains []string) {
	var all strings.Builder
	number := 0
	for i, s := range stretches {
		var copies strings.Builder
		for k := range s.parts {
			fmt.Fprintf(&copies, "[s%d]", number+k)
		}
		chains = append(chains, fmt.Sprintf("[%d:a:0]asplit=%d%s", i, len(s.parts), copies.String()))
		for _, part := range s.parts {
			start, end, length := inSeconds(part.Start-s.skipped), inSeconds(part.End-s.skipped), inSeconds(part.End-part.Start)
			chains = append(chains, fmt.Sprintf("[s%d]atrim=start=%[2]s:end=%[3]s,asetpts=PTS-%[2]s/TB,%[5]s,apad=whole_dur=%[4]s[a%[1]d]",
				number, start, end, length, steady))
			fmt.Fprintf(&all, "[a%d]", number)
			number++
		}
	}
	return append(chains, fmt.Sprintf("%sconcat=n=%d:v=0:a=1[a]", all.String(), number))
}
