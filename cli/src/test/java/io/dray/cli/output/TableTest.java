package io.dray.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("NODE", "AGENTS").row("node-1", 12).row("b", "");

        assertThat(print(table)).isEqualTo("NODE    AGENTS\nnode-1  12\nb\n");
    }

    @Test
    void paintTakesNoRoom() {
        Table table = new Table("", "CHECK")
                .row("ok", "disk")
                .painted(Tone.GOOD::colour)
                .row("warning", "limits");

        assertThat(print(table)).isEqualTo("         CHECK\n\033[32mok\033[39m\033[0m       disk\nwarning  limits\n");
    }

    @Test
    void controlCharactersAreShown() {
        assertThat(print(new Table("FILE").row("two\nlines\u001b"))).isEqualTo("FILE\ntwo?lines?\n");
    }

    @Test
    void aRowWithAnotherNumberOfCellsIsAMistake() {
        assertThatThrownBy(() -> new Table("A", "B").row("one")).hasMessage("cells: 1 (expected: 2)");
    }

    private static String print(Table table) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
