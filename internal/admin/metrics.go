package admin

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/secret"
)

// Metrics counts what a process does. It is safe for concurrent use, and implements api.Observer. Several in one process do not
// know of each other.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	flying   prometheus.Gauge
	took     prometheus.Histogram
	verdicts *prometheus.CounterVec
	encoded  *prometheus.HistogramVec
	renders  *prometheus.CounterVec
}

// NewMetrics returns Metrics that have counted nothing yet.
func NewMetrics() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("roughyd_requests_total", "Answers to clients by HTTP status; aborted: the client did not get it whole.", "status"),
		flying: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "roughyd_requests_in_flight", Help: "Requests that are being answered.",
		}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "roughyd_request_seconds", Help: "How long answers to clients took.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 10},
		}),
		verdicts: counter("roughyd_verdicts_total", "What the contract says of our own answers.", "verdict"),
		encoded: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roughyd_encode_seconds", Help: "How long encodings took, by engine.",
			Buckets: []float64{.01, .05, .1, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200},
		}, []string{"engine"}),
		renders: counter("roughyd_renders_total", "Renders that this process brought to an end.", "state", "error_code"),
	}
	m.registry.MustRegister(m.requests, m.flying, m.took, m.verdicts, m.encoded, m.renders,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for v := contract.OK; v <= contract.Violation; v++ {
		m.verdicts.WithLabelValues(v.String()) // 0 is a figure too
	}
	return m
}

// Begin counts a request that has come, and that Request counts when it is over.
func (m *Metrics) Begin() { m.flying.Inc() }

// Request counts an answer to a client. Status 0 is one that the client did not get whole.
func (m *Metrics) Request(status int, took time.Duration) {
	m.flying.Dec()
	label := "aborted"
	if status != 0 {
		label = strconv.Itoa(status)
	}
	m.requests.WithLabelValues(label).Inc()
	m.took.Observe(took.Seconds())
}

// Verdict counts what the contract says of an answer of ours.
func (m *Metrics) Verdict(v contract.Verdict) { m.verdicts.WithLabelValues(v.String()).Inc() }

// Encode counts an encoding that was done, well or not, and how long its engine took.
func (m *Metrics) Encode(engine string, took time.Duration) {
	m.encoded.WithLabelValues(engine).Observe(took.Seconds())
}

// Render counts a render that reached a terminal state. The error code is "" unless it failed, and else of a closed list: each
// that is new is kept for as long as the process lives.
func (m *Metrics) Render(state, errorCode string) { m.renders.WithLabelValues(state, errorCode).Inc() }

// metrics answers /metrics. What cannot be counted now is left out, and the log says why.
func (c Config) metrics() http.Handler {
	all := prometheus.Gatherers{c.Metrics.registry}
	if c.Queue != nil {
		jobs := prometheus.NewRegistry()
		jobs.MustRegister(queue{c})
		all = append(all, jobs)
	}
	return promhttp.HandlerFor(all, promhttp.HandlerOpts{ErrorLog: errorLog{c}, ErrorHandling: promhttp.ContinueOnError})
}

// queueJobs describes the queue's depth.
func queueJobs() *prometheus.Desc {
	return prometheus.NewDesc("roughyd_queue_jobs", "Jobs in the queue by their state, of the whole database: every process tells the same, so take max by (state).", []string{"state"}, nil)
}

// queue counts the jobs at the moment when somebody asks.
type queue struct{ Config }

// Describe implements prometheus.Collector.
func (q queue) Describe(ch chan<- *prometheus.Desc) { ch <- queueJobs() }

// Collect implements prometheus.Collector.
func (q queue) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), q.Timeout)
	defer cancel()
	jobs, err := q.Queue(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(queueJobs(), fmt.Errorf("count jobs: %w", err))
	}
	for state, n := range jobs {
		m, err := prometheus.NewConstMetric(queueJobs(), prometheus.GaugeValue, float64(n), state)
		if err != nil { // no letters that Prometheus takes
			m = prometheus.NewInvalidMetric(queueJobs(), err)
		}
		ch <- m
	}
}

// errorLog tells the log what Prometheus' handler has to tell.
type errorLog struct{ Config }

// Println implements promhttp.Logger.
func (l errorLog) Println(v ...any) {
	l.Logger.Warn("metrics", "error", secret.Log(fmt.Sprintln(v...)))
}
