package io.millrace.example.stadium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.example.stadium.AccessBook.Answer;
import io.millrace.example.stadium.TicketEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the programs write down: journals, books, and what is compared in the end.
class BooksTest {
    private static final Ticket TICKET = new Ticket("m-1", "north", "ada", 4500);
    private static final TicketEvent SOLD = new TicketEvent(Kind.SOLD, TICKET);
    private static final TicketEvent CANCELLED = new TicketEvent(Kind.CANCELLED, TICKET);

    @TempDir private Path folder = Path.of("");

    @Test
    void aJournalLosesOnlyALineThatWasNotFinished() throws IOException {
        Path file = folder.resolve("journal");
        try (Journal journal = new Journal(file)) {
            journal.append("one");
            journal.append("zwö");
        }
        Files.writeString(file, "thr", StandardOpenOption.APPEND);
        try (Journal journal = new Journal(file)) {
            assertThat(journal.fresh()).containsExactly("one", "zwö");
            journal.append("four");
        }
        assertThat(Files.readString(file)).isEqualTo("one\nzwö\nfour\n");
    }

    @Test
    void aBookKnowsEverythingOnceAlsoAfterwards() {
        Path file = folder.resolve("book");
        try (TicketBook book = new TicketBook(file)) {
            assertThat(book.add(SOLD)).isTrue();
            assertThat(book.add(SOLD)).isFalse();
            assertThat(book.earned()).isEqualTo(4500);
        }
        try (TicketBook book = new TicketBook(file)) {
            assertThat(book.add(SOLD)).isFalse();
            assertThat(book.add(CANCELLED)).isTrue();
            assertThat(book.earned()).isZero();
            assertThat(book.events(0, 10)).containsExactly(SOLD, CANCELLED);
            assertThat(book.events(1, 10)).containsExactly(CANCELLED);
            assertThat(book.events(2, 10)).isEmpty();
        }
    }

    @Test
    void aCancellationMayComeBeforeItsSale() {
        try (TicketBook book = new TicketBook(folder.resolve("book"))) {
            book.add(CANCELLED);
            assertThat(book.list()).isEmpty();
            book.add(SOLD);
            assertThat(book.list()).isEqualTo("m-1 cancelled 4500\n");
        }
        try (AccessBook book = new AccessBook(folder.resolve("gates"))) {
            book.note(CANCELLED);
            book.note(SOLD);
            assertThat(book.admit("m-1", "north")).isEqualTo(Answer.CANCELLED);
        }
    }

    @Test
    void twoGatesLetOneIn() {
        Path file = folder.resolve("gates");
        try (AccessBook north = new AccessBook(file);
                AccessBook south = new AccessBook(file)) {
            assertThat(south.admit("m-1", "south")).isEqualTo(Answer.UNKNOWN);
            north.note(SOLD);
            assertThat(south.admit("m-1", "south")).isEqualTo(Answer.ADMITTED);
            assertThat(north.admit("m-1", "north")).isEqualTo(Answer.ADMITTED_BEFORE);
            north.note(SOLD);
            assertThat(north.list()).isEqualTo("m-1 admitted south\n");
            assertThat(north.admittedTwice()).isZero();
        }
    }

    @Test
    void aBookInWhichSomebodyIsTwiceSaysSo() throws IOException {
        Path file = folder.resolve("gates");
        Files.writeString(file, "SOLD m-1\nADMITTED m-1 north\nADMITTED m-1 south\n");
        try (AccessBook book = new AccessBook(file)) {
            assertThat(book.list()).isEqualTo("m-1 admitted south\n");
            assertThat(book.admittedTwice()).isEqualTo(1);
        }
    }

    @Test
    void whatDoesNotAgreeIsNamed() {
        Reconciliation good = new Reconciliation();
        good.expect("m-1", "sold 1");
        good.add("erp", "m-1 sold 1\nother-7 sold 3\n", "m-");
        assertThat(good.agrees()).isTrue();
        Reconciliation bad = new Reconciliation();
        bad.expect("m-1", "sold 1");
        bad.expect("m-2", "sold 1");
        bad.add("erp", "m-2 sold 2\nm-3 sold 1\n", "m-");
        assertThat(bad.agrees()).isFalse();
        assertThat(bad.report())
                .containsExactly(
                        "  expected        2 sold",
                        "  erp             2 sold",
                        "  WRONG: erp never heard of 1: m-1",
                        "  WRONG: erp made up 1: m-3",
                        "  WRONG: erp has wrong 1: m-2 (sold 2, not sold 1)");
    }

    @Test
    void jsonIsReadAsItIsWritten() {
        Ticket strange = new Ticket("a-1", "b", "c", 0);
        assertThat(Ticket.of(strange.toJson())).isEqualTo(strange);
        Map<String, Object> object =
                Json.object(
                        " {\"a\":[{\"b\":null,\"c\":\"\\u00e9\\n\\\"/\"}, 1.5e3 ,true],\"d\":{}} ");
        assertThat(Json.objectIn(object, "d")).isEmpty();
        assertThat(object.get("a")).asString().isEqualTo("[{c=é\n\"/}, 1.5E+3, true]");
        assertThat(Json.object("{\"x\":" + Json.quote("\u0001\"\\ü") + "}"))
                .containsEntry("x", "\u0001\"\\ü");
        for (String wrong :
                new String[] {"", "{", "[]", "{}x", "{\"a\"}", "{\"a\":}", "{\"a\":\"\\x\"}"}) {
            assertThatThrownBy(() -> Json.object(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(10_000)))
                .hasMessageContaining("too many levels");
        assertThatThrownBy(() -> Ticket.of("{\"ticket\":\"a b\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void optionsAreChecked() throws IOException {
        Options options = Options.parse("--matches", "2", "--port", "9500", "--kill-every", "3");
        assertThat(options.play()).isEqualTo(new Options.Play(2, 200, 20, 3));
        assertThat(Stadium.resources(options.port()))
                .contains("http://127.0.0.1:9501/hook", "http://127.0.0.1:9502/hook")
                .doesNotContain("${");
        for (String[] wrong :
                new String[][] {
                    {"--matches"},
                    {"--matches", "x"},
                    {"--rate", "0"},
                    {"--x", "1"},
                    {"--server", "localhost"}
                }) {
            assertThatThrownBy(() -> Options.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
