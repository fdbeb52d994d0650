package io.dray.cli.output;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** How good news are, as a colour on terminals; the words alone say the same. */
public enum Tone {
    GOOD(Style.fg_green),
    NOTE(Style.fg_cyan),
    WARNING(Style.fg_yellow),
    BAD(Style.fg_red);

    private final Style style;

    Tone(Style style) {
        this.style = style;
    }

    String colour(String text) {
        return Help.defaultColorScheme(Ansi.ON).apply(text, List.of(style)).toString();
    }
}
