package io.millrace.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `millrace completion`: a script that teaches a shell the commands and options.
@Command(
        name = "completion",
        description = "Writes a script that completes commands and options in a shell.",
        footer = {
            "  source <(millrace completion bash)",
            "  millrace completion bash > ~/.local/share/bash-completion/completions/millrace",
            "  echo 'source <(millrace completion zsh)' >> ~/.zshrc",
        })
final class CompletionCommand implements Runnable {
    enum Shell {
        BASH,
        ZSH
    }

    private final Millrace millrace;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    CompletionCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    /// One script serves both: it turns on bash's completion where it finds itself in zsh, which
    /// needs its own completion to be loaded first.
    @Override
    public void run() {
        String script = AutoComplete.bash("millrace", millrace.commandLine());
        switch (shell) {
            case BASH -> {}
            case ZSH -> millrace.print("autoload -U +X compinit && compinit");
        }
        millrace.print(script);
    }
}
