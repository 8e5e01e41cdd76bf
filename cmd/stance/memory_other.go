//go:build !linux

package main

// hugePages does nothing where pages are not the program's to choose.
func hugePages() {}
