package main

import "github.com/urfave/cli/v2"

// commands lists every command in the order of the help text.
func commands(std streams) []*cli.Command {
	return []*cli.Command{
		runCommand(std),
		scoreCommand(std),
		explainCommand(std),
		textCommand(std),
		partiesCommand(std),
		rulesCommand(std),
		evalCommand(std),
		sampleCommand(std),
		diffCommand(std),
		mergeCommand(std),
		verifyCommand(std),
		exportCommand(std),
		reportCommand(std),
		kwicCommand(std),
		fitCommand(std),
		schemaCommand(std),
		versionCommand(std),
	}
}
