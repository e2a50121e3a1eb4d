package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Print writes the report as two tables. A ratio is of lifecycles to bare rows in the
// same run.
func (r *Report) Print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s, %s\n\ncases\tworkload\tclients\tper second\tp50 ms\tp99 ms\tmax ms\tbehind s\tserver CPU ms\tclient CPU ms\tof bare rows\n", r.Database, r.At.Format(time.DateOnly))
	for _, x := range r.Results {
		ratio := ""
		if x.Ratio > 0 {
			ratio = fmt.Sprintf("%.0f %%", 100*x.Ratio)
		}
		fmt.Fprintf(w, "%d\t%s\t%d\t%.0f\t%.2f\t%.2f\t%.2f\t%.1f\t%.2f\t%.2f\t%s\n", x.Cases, x.Workload, x.Clients, x.PerSec, ms(x.P50), ms(x.P99), ms(x.Max),
			x.Behind.Seconds(), ms(x.ServerCPU), ms(x.ClientCPU), ratio)
	}
	fmt.Fprintf(w, "\ncases\tload s\tstore MB\tstart ms\tidle MB\thighest MB\n")
	for _, s := range r.Sizes {
		fmt.Fprintf(w, "%d\t%.0f\t%d\t%.0f\t%d\t%d\n", s.Cases, s.Load.Seconds(), s.StoreMB, ms(s.Start), s.IdleMB, s.HighestMB)
	}
	return w.Flush()
}

// Milliseconds with three places.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
