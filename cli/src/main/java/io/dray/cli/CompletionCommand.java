package io.dray.cli;

import io.dray.cli.output.Console;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code dray completion}: the script by which a shell completes the words of this command. */
@Command(
        name = "completion",
        description = "Print a script by which bash or zsh completes verbs and options.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(dray completion)                                 for this shell",
            "  dray completion > ~/.local/share/bash-completion/completions/dray",
            "",
            "In zsh, once: autoload -U +X compinit bashcompinit; compinit; bashcompinit"
        })
final class CompletionCommand implements Runnable {
    /** Picocli's own advice, for programs of any kind. */
    private static final Pattern HOW_TO_INSTALL =
            Pattern.compile("^# Installation$.*?(?=^# Documentation$)", Pattern.DOTALL | Pattern.MULTILINE);

    private final Console console;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        String script = AutoComplete.bash("dray", Dray.commandLine(console));
        console.out().print(HOW_TO_INSTALL.matcher(script).replaceFirst("# Installation: dray completion --help\n#\n"));
    }
}
