using DistillSharp.Cli;

return CommandLine.Run(args);
