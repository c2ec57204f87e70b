package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

// addOwner adds --owner, whose default lets one person get along without it.
func addOwner(cmd *cobra.Command) {
	owner := ownerValue("default")
	cmd.Flags().Var(&owner, "owner", "whose it is")
}

// ownerValue is a flag that holds the name of an owner.
type ownerValue string

const longestOwner = 100

func (v *ownerValue) Type() string   { return "name" }
func (v *ownerValue) String() string { return string(*v) }

func (v *ownerValue) Set(text string) error {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case strings.HasPrefix(text, "sk_"):
		return errors.New("this looks like an API key; write a name")
	case strings.TrimSpace(text) != text || text == "" || len(text) > longestOwner || strings.ContainsFunc(text, odd):
		return fmt.Errorf("write a name of at most %d printable letters", longestOwner)
	}
	*v = ownerValue(text)
	return nil
}

// idValue is a flag that holds an identifier, nil while it is not set.
type idValue struct{ id *uuid.UUID }

func (v *idValue) Type() string { return "id" }

func (v *idValue) String() string {
	if v.id == nil {
		return ""
	}
	return v.id.String()
}

func (v *idValue) Set(text string) error {
	id, err := parseID("it", text)
	v.id = &id
	return err
}

// idFlag adds a flag that must be given an identifier.
func idFlag(cmd *cobra.Command, name, usage string) *idValue {
	v := &idValue{}
	cmd.Flags().Var(v, name, usage)
	_ = cmd.MarkFlagRequired(name)
	return v
}

func parseID(what, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(uuid.Nil.String()) {
		return uuid.Nil, fmt.Errorf("%s must be a UUID such as %s", what, uuid.Max)
	}
	return id, nil
}

// bitrateValue is a flag that holds bits a second, nil while it is not set.
type bitrateValue struct{ rate **int }

func (v bitrateValue) Type() string { return "bitrate" }

func (v bitrateValue) String() string {
	if v.rate == nil || *v.rate == nil {
		return ""
	}
	return strconv.Itoa(**v.rate)
}

func (v bitrateValue) Set(text string) error {
	digits, unit := strings.TrimRight(text, "kM"), 1
	switch text[len(digits):] {
	case "":
	case "k":
		unit = 1_000
	case "M":
		unit = 1_000_000
	default:
		return errors.New("write bits a second, such as 192k or 5M")
	}
	n, err := strconv.Atoi(digits)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && (n < 0 || n > 1_000_000_000_000/unit):
		return errors.New("out of range: write bits a second above 0, and 1000000M at most")
	case err != nil:
		return errors.New("write bits a second, such as 192k or 5M")
	}
	n *= unit
	*v.rate = &n
	return nil
}

// frameRateValue is a flag that holds pictures a second, nil while it is not set.
type frameRateValue struct{ rate **float64 }

func (v frameRateValue) Type() string { return "rate" }

func (v frameRateValue) String() string {
	if v.rate == nil || *v.rate == nil {
		return ""
	}
	return strconv.FormatFloat(**v.rate, 'g', -1, 64)
}

func (v frameRateValue) Set(text string) error {
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("write pictures a second, such as 25 or 29.97")
	}
	*v.rate = &rate
	return nil
}

// outputFlags adds a flag for each member of the output spec.
func outputFlags(cmd *cobra.Command) *roughy.Output {
	var o roughy.Output
	flags := cmd.Flags()
	flags.StringVar((*string)(&o.Format), "output-format", "", "mp4, mov, m4a or mp3 (default as the source)")
	flags.StringVar((*string)(&o.Resolution), "resolution", "", "most for the shorter edge: 720p, 1080p or 4k")
	flags.Var(bitrateValue{&o.VideoBitrate}, "video-bitrate", "most bits a second for the pictures, such as 5M")
	flags.Var(bitrateValue{&o.AudioBitrate}, "audio-bitrate", "most bits a second for the sound, such as 192k")
	flags.Var(frameRateValue{&o.FrameRate}, "frame-rate", "most pictures a second, such as 25")
	return &o
}
