package main

import (
	"fmt"
	"text/tabwriter"

	"lienthong/internal/db"
	"lienthong/internal/setting"
)

// settingCmd groups what is done with technical settings that no regulation states.
type settingCmd struct {
	List  settingListCmd  `cmd:"" help:"Liệt kê mọi thông số: mức đang dùng, mặc định, ý nghĩa, căn cứ."`
	Get   settingGetCmd   `cmd:"" help:"In mức đang dùng của một thông số."`
	Set   settingSetCmd   `cmd:"" help:"Đặt một thông số, kèm căn cứ."`
	Reset settingResetCmd `cmd:"" help:"Đưa một thông số về mặc định."`
	Log   settingLogCmd   `cmd:"" help:"Ai đổi thông số nào, lúc nào, từ mức nào sang mức nào."`
}

// `setting list`: every setting with its value, its default and what it means.
type settingListCmd struct{}

// Run prints a line for each declared setting.
func (c *settingListCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		all, err := setting.All(tx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(a.out, 2, 2, 2, ' ', 0)
		for _, s := range all {
			mark := ""
			if s.Set {
				mark = "*"
			}
			fmt.Fprintf(w, "%s\t%s%s\tmặc định %s\t%s\t%s\n", s.Name, s.Say(s.Value), mark, s.Say(s.Default), s.Means, s.Source)
		}
		fmt.Fprintln(w, "* đã được đặt khác mặc định")
		return w.Flush()
	})
}

// `setting get`: the value in force of one setting, alone on its line for scripts.
type settingGetCmd struct {
	Name string `arg:"" help:"Tên thông số, ví dụ upload.max_day."`
}

// Run prints the value alone, so that a script can take it.
func (c *settingGetCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		s, err := setting.Get(tx, c.Name)
		if err == nil {
			a.printf("%s\n", s.Value)
		}
		return err
	})
}

// `setting set`: a new value with its source. Without a source nobody could say later why the office runs
// otherwise than the default.
type settingSetCmd struct {
	Name   string `arg:"" help:"Tên thông số."`
	Value  string `arg:"" help:"Mức mới: 90d, 12h, 25MB, 7, true."`
	Source string `required:"" help:"Căn cứ hoặc lý do." placeholder:"CĂN-CỨ"`
}

// Run changes a setting for every node; those that a server reads at its start are said so.
func (c *settingSetCmd) Run(a *app) error {
	return a.update(func(tx *db.Tx) error {
		if err := setting.Set(tx, operator(), c.Name, c.Value, c.Source); err != nil {
			return err
		}
		return sayState(a, tx, c.Name)
	})
}

// `setting reset`: back to the default, with who and why in the log of changes.
type settingResetCmd struct {
	Name   string `arg:"" help:"Tên thông số."`
	Source string `help:"Căn cứ hoặc lý do." placeholder:"CĂN-CỨ"`
}

// Run brings the default back.
func (c *settingResetCmd) Run(a *app) error {
	return a.update(func(tx *db.Tx) error {
		if err := setting.Reset(tx, operator(), c.Name, c.Source); err != nil {
			return err
		}
		return sayState(a, tx, c.Name)
	})
}

// What a setting stands at now, and whether the running server has it yet.
func sayState(a *app, tx *db.Tx, name string) error {
	s, err := setting.Get(tx, name)
	if err != nil {
		return err
	}
	a.printf("%s: %s.\n", s.Name, s.Say(s.Value))
	if s.Restart {
		a.printf("Máy chủ đang chạy dùng mức mới sau khi khởi động lại.\n")
	}
	return nil
}

// `setting log`: who changed what from which to which value, newest first.
type settingLogCmd struct {
	Limit int `help:"Bao nhiêu dòng mới nhất." default:"50" placeholder:"N"`
}

// Run prints the newest changes first.
func (c *settingLogCmd) Run(a *app) error {
	return a.view(func(tx *db.Tx) error {
		all, err := setting.Changes(tx, c.Limit)
		for _, x := range all {
			a.printf("%s  %s  %s: %s → %s (%s)\n", day(x.At), x.By, x.Name, orDefault(x.Was), orDefault(x.Became), x.Source)
		}
		return err
	})
}

// An empty value in the log of changes is the default, whatever it was at that time.
func orDefault(value string) string {
	if value == "" {
		return "mặc định"
	}
	return value
}
