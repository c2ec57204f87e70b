package report_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

func TestTeeFeedsAll(t *testing.T) {
	t.Parallel()
	var alone, first, second bytes.Buffer
	written(t, report.Text(&alone, plain), checks()...)
	written(t, report.Tee(report.Output{Name: "first", Writer: report.Text(&first, plain)}, report.Output{Name: "second", Writer: report.Text(&second, plain)}), checks()...)
	require.Equal(t, alone.String(), first.String())
	require.Equal(t, alone.String(), second.String())
}

func TestTeeGoesOnWithoutTheBrokenOne(t *testing.T) {
	t.Parallel()
	var alone, whole bytes.Buffer
	written(t, report.Text(&alone, plain), checks()...)
	broken := &counter{Writer: report.Text(full{}, plain)}
	w := report.Tee(report.Output{Name: "a.txt", Writer: broken}, report.Output{Name: "b.txt", Writer: report.Text(&whole, plain)})
	for _, c := range checks() {
		require.NoError(t, w.Add(c))
	}
	require.EqualError(t, w.Close(report.Summary{}), "a.txt: full")
	require.Equal(t, alone.String(), whole.String())
	require.Equal(t, 1, broken.added)
	require.Equal(t, 1, broken.closed, "it may hold what has to be given back")
}

func TestTeeOfNothingButBrokenOnesSaysSo(t *testing.T) {
	t.Parallel()
	w := report.Tee(report.Output{Name: "a", Writer: report.Text(full{}, plain)}, report.Output{Name: "b", Writer: report.JSON(full{})})
	require.EqualError(t, w.Add(judged("x", contract.OK)), "a: full\nb: full")
	require.ErrorIs(t, w.Close(report.Summary{}), errFull)
}

func TestTeeTellsWhatOnlyCloseFindsOut(t *testing.T) {
	t.Parallel()
	w := report.Tee(report.Output{Name: "a.sarif", Writer: report.SARIF(full{})})
	require.NoError(t, w.Add(judged("x", contract.OK)))
	require.EqualError(t, w.Close(report.Summary{}), "a.sarif: full")
}

func TestTeeOfNone(t *testing.T) {
	t.Parallel()
	written(t, report.Tee(), checks()...)
}

// counter counts the calls of a writer.
type counter struct {
	report.Writer
	added, closed int
}

func (c *counter) Add(one report.Check) error {
	c.added++
	return c.Writer.Add(one)
}

func (c *counter) Close(s report.Summary) error {
	c.closed++
	return c.Writer.Close(s)
}
