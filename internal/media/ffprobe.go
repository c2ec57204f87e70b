package media

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// probeTime bounds one run of ffprobe.
const probeTime = 30 * time.Second

// demuxers are the kinds of file that may be read. Those that name other files or addresses (playlists, scripts, image
// patterns) are not among them.
const demuxers = "mov,matroska,webm,avi,mpegts,mpeg,flv,asf,mxf,ogg,mp3,aac,wav,aiff,flac,caf,amr,ac3,eac3"

// inputArgs let a program of ffmpeg's read the file at path and no other, whatever the path looks like.
func inputArgs(path string) []string {
	return []string{"-protocol_whitelist", "file,pipe", "-format_whitelist", demuxers, "-i", "file:" + path}
}

// probed is what ffprobe prints.
type probed struct {
	Format struct {
		Name     string            `json:"format_name"`
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams []probedStream `json:"streams"`
}

type probedStream struct {
	Type        string         `json:"codec_type"`
	Codec       string         `json:"codec_name"`
	Width       int            `json:"width"`
	Height      int            `json:"height"`
	Pixels      string         `json:"pix_fmt"`
	PixelShape  string         `json:"sample_aspect_ratio"`
	AverageRate string         `json:"avg_frame_rate"`
	BaseRate    string         `json:"r_frame_rate"`
	Bitrate     string         `json:"bit_rate"`
	Disposition map[string]int `json:"disposition"`
	SideData    []struct {
		Rotation float64 `json:"rotation"`
	} `json:"side_data_list"`
}

// ffprobe has the program look at the file. The error is errNoClip when it could not make sense of it.
func ffprobe(ctx context.Context, program, path string) (Source, error) {
	limited, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	const entries = "format=format_name,duration:format_tags=major_brand:stream_side_data=rotation:stream_disposition=attached_pic:" +
		"stream=codec_type,codec_name,width,height,pix_fmt,sample_aspect_ratio,avg_frame_rate,r_frame_rate,bit_rate"
	args := append([]string{"-v", "error", "-of", "json", "-show_entries", entries}, inputArgs(path)...)
	var out bytes.Buffer
	complaint, err := run(limited, &out, program, args...)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return Source{}, context.Cause(ctx)
	case limited.Err() != nil:
		return Source{}, fmt.Errorf("%w: ffprobe took longer than %v", errNoClip, probeTime)
	case errors.As(err, &exit):
		return Source{}, fmt.Errorf("%w: ffprobe: %w: %s", errNoClip, err, complaint)
	case err != nil:
		return Source{}, fmt.Errorf("ffprobe: %w", err)
	}
	var p probed
	if err := json.Unmarshal(out.Bytes(), &p); err != nil {
		return Source{}, fmt.Errorf("ffprobe's answer: %w", err)
	}
	return p.source()
}

func (p probed) source() (Source, error) {
	s := Source{Container: p.container(), Duration: duration(number(p.Format.Duration))}
	for _, stream := range p.Streams {
		switch {
		case stream.Disposition["attached_pic"] == 1: // a cover is no video
		case stream.Type == "video" && s.VideoCodec == "":
			stream.describeVideo(&s)
		case stream.Type == "audio" && s.AudioCodec == "":
			s.AudioCodec, s.AudioBitrate = cmp.Or(stream.Codec, "unknown"), int(number(stream.Bitrate))
		}
	}
	return s, s.check()
}

// container is a format's name in our words: ffprobe has one for the whole MP4 family.
func (p probed) container() string {
	first, _, more := strings.Cut(p.Format.Name, ",")
	switch {
	case first == "mov" && more:
		return brandContainer(p.Format.Tags["major_brand"])
	default:
		return first
	}
}

func (v probedStream) describeVideo(s *Source) {
	s.VideoCodec, s.VideoBitrate = cmp.Or(v.Codec, "unknown"), int(number(v.Bitrate))
	s.Width, s.Height = v.Width, v.Height
	if shape := ratio(strings.Replace(v.PixelShape, ":", "/", 1)); shape > 0 {
		s.Width = int(math.Round(float64(v.Width) * shape))
	}
	turned := 0.0
	for _, d := range v.SideData {
		turned -= d.Rotation // it counts the other way round
	}
	s.turn(turned)
	s.Deep = v.Codec == "h264" && !slices.Contains([]string{"", "yuv420p", "yuvj420p", "nv12", "gray"}, v.Pixels)
	s.FrameRate = cmp.Or(ratio(v.AverageRate), ratio(v.BaseRate))
	s.PeakRate = max(s.FrameRate, ratio(v.BaseRate)) // no two pictures are closer than the base rate has them
}

// number is 0 for what is none, such as N/A.
func number(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > math.MaxInt32*1000 {
		return 0
	}
	return f
}

// ratio reads 30000/1001; 0/0 is 0.
func ratio(text string) float64 {
	above, below, _ := strings.Cut(text, "/")
	if number(below) == 0 {
		return 0
	}
	return number(above) / number(below)
}
