package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFiguresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | The ships leave the harbour when the winter is over, and nobody knows why it is so.",
                "de | Die Schiffe verlassen den Hafen, wenn der Winter vorbei ist, und niemand weiß warum das so ist.",
                "fr | Les bateaux quittent le port quand la saison est finie, et personne ne sait pourquoi.",
                "es | Los barcos salen del puerto cuando el invierno se acaba y nadie sabe por qué es así.",
                "it | Le navi lasciano il porto quando è finito l'inverno, e nessuno sa perché non sono più qui.",
                "nl | De schepen verlaten de haven als het winter is geweest en niemand weet waarom dat zo is.",
                "ru | Корабли не были в порту, когда зима была ещё там, и никто не знает, что это было.",
                "ja | 船は冬が終わると港を出ます。",
                "el | Τα πλοία φεύγουν από το λιμάνι.",
                "code | int[] a = {1, 2}; for (int i = 0; i < a.length; i++) { sum += a[i]; }",
                "unknown | violin compass saffron glacier thunder marble willow",
            })
    void guessesTheLanguage(String language, String text) {
        assertThat(figures(text).language()).isEqualTo(language);
    }

    @Test
    void anEmptyTextHasNothing() {
        TextFigures figures = figures("");

        assertThat(figures.language()).isEqualTo("unknown");
        assertThat(figures.lines()).isZero();
        assertThat(figures.sentences()).isEmpty();
    }

    @Test
    void aTextCutAnywhereHasTheSameFigures() {
        String text =
                "Müßig ist der Hafen, und die Laterne ist grün.\nNiemand weiß, warum die Laterne im Hafen grün ist.\n";
        TextFigures whole = figures(text);
        TextFigures cut = new TextFigures();

        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            cut.add(new byte[] {one});
        }
        cut.finish();

        assertThat(cut.lines()).isEqualTo(whole.lines()).isEqualTo(2);
        assertThat(cut.language()).isEqualTo(whole.language()).isEqualTo("de");
        assertThat(cut.sentences()).isEqualTo(whole.sentences()).hasSize(2);
        assertThat(cut.sketch()).isEqualTo(whole.sketch());
    }

    @Test
    void aLongTextIsNotKept() {
        byte[] piece = new byte[1024 * 1024];
        Arrays.fill(piece, (byte) 'x');
        TextFigures figures = new TextFigures();

        for (int i = 0; i < 20; i++) {
            figures.add(piece);
        }
        figures.finish();

        assertThat(figures.language()).isEqualTo("unknown");
        assertThat(figures.sentences()).isEmpty();
    }

    private static TextFigures figures(String text) {
        TextFigures figures = new TextFigures();
        figures.add(text.getBytes(StandardCharsets.UTF_8));
        figures.finish();
        return figures;
    }
}
