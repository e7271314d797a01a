package io.millrace.example.toll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.example.toll.Happening.Entry;
import io.millrace.example.toll.Happening.Exit;
import io.millrace.example.toll.Happening.Registration;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The parts of the example that need no server.
class TollTest {
    private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

    private static Entry enter(String plate, int second) {
        return new Entry(
                1, plate, "Honda", "CRV", new BigDecimal("4.50"), NINE.plusSeconds(second));
    }

    private static Exit leave(String plate, int booth, int second) {
        return new Exit(booth, plate, NINE.plusSeconds(second));
    }

    @Test
    void theLedgerSaysWhatTheViewsHaveToHold() {
        Ledger ledger =
                Ledger.of(
                        List.of(
                                new Registration(1, "A", false, NINE),
                                new Registration(2, "B", true, NINE),
                                enter("A", 10),
                                enter("B", 20),
                                leave("A", 2, 30),
                                leave("A", 1, 40),
                                enter("A", 60),
                                leave("A", 1, 100),
                                leave("B", 1, 1900),
                                enter("C", 1920)));
        assertThat(ledger.booths()).containsExactly(entry("1/2026-03-02T09:05:00", "3 cars, 13.5"));
        assertThat(ledger.passages())
                .containsExactly(
                        entry("A 2026-03-02T09:00:10Z", "30"),
                        entry("A 2026-03-02T09:01:00Z", "40"));
        assertThat(ledger.expired()).containsExactly(entry("B 2026-03-02T09:00:20Z", "2"));
        assertThat(Ledger.booth(Json.object("{\"cars\":3,\"toll\":13.50}")))
                .isEqualTo("3 cars, 13.5");
    }

    @Test
    void differencesAreNamed() {
        Map<String, String> expected = Map.of("a", "1");
        assertThat(Ledger.differences("v", expected, Map.of("a", "1", "b", "2"), true)).isEmpty();
        assertThat(Ledger.differences("v", expected, Map.of("b", "2"), false))
                .containsExactly("v: a is null instead of 1", "v: b should not be there");
    }

    @Test
    void theSameSeedGivesTheSameCarsAndNobodyComesWhoIsIn() {
        Road one = new Road(7, NINE);
        Road other = new Road(7, NINE);
        Instant last = NINE;
        int exits = 0;
        while (last.isBefore(NINE.plus(Duration.ofMinutes(30)))) {
            Happening next = one.next();
            assertThat(next).isEqualTo(other.next());
            assertThat(next.time()).isAfterOrEqualTo(last);
            last = next.time();
            exits += next instanceof Exit ? 1 : 0;
        }
        assertThat(exits).isGreaterThan(100);
        assertThat(one.registrations()).hasSize(300).filteredOn(Registration::expired).hasSize(38);
    }

    @Test
    void filesAreRead(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("Entry.json"),
                """
                \uFEFF[{"TollId":1,"EntryTime":"2026-03-02T09:01:00.0000000Z","LicensePlate":"A",
                "Make":"Honda","Model":"CRV","Toll":4.5,"Tag":null}]
                """);
        Files.writeString(
                folder.resolve("Exit.json"),
                "[{\"TollId\":1,\"ExitTime\":\"2026-03-02T09:03:00Z\",\"LicensePlate\":\"A\"}]");
        Files.writeString(
                folder.resolve("Registration.json"),
                "[{\"LicensePlate\":\"A\",\"RegistrationId\":7,\"Expired\":\"1\"}]");
        assertThat(TollFiles.read(folder))
                .containsExactly(
                        new Registration(7, "A", true, NINE.plusSeconds(60)),
                        new Entry(
                                1,
                                "A",
                                "Honda",
                                "CRV",
                                new BigDecimal("4.5"),
                                NINE.plusSeconds(60)),
                        leave("A", 1, 180));
    }

    @Test
    void optionsSayWhatIsWrong() {
        assertThat(Options.parse("", "--minutes", "3").minutes()).isEqualTo(3);
        assertThatThrownBy(() -> Options.parse("", "--minutes", "121"))
                .hasMessage("--minutes: must be from 0 to 120");
        assertThatThrownBy(() -> Options.parse("", "--bad", "1"))
                .hasMessage("there is no option --bad");
    }
}
