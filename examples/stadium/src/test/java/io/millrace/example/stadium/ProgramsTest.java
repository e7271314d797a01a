package io.millrace.example.stadium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs against a Millrace that delivers everything twice.
class ProgramsTest {
    private static final Ticket TICKET = new Ticket("m-1", "north", "ada", 4500);

    private final FakeMillrace millrace = new FakeMillrace();
    private final MillraceClient client = new MillraceClient(millrace.address());
    private final Crowd crowd = new Crowd(Duration.ofSeconds(10));
    private final PrintStream silent =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void remember() {
        open.addAll(List.of(millrace, client, crowd));
    }

    @AfterEach
    void close() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Portal portal() {
        Portal portal = new Portal(client, 0, folder, silent);
        open.add(portal);
        return portal;
    }

    private static String at(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Test
    void aSaleReachesEverybodyAndCountsOnce() throws Exception {
        Office erp = new Office("erp", 0, folder);
        Office profiles = new Office("profiles", 0, folder);
        Reporting reporting = new Reporting(client, 0, folder, silent);
        Gate gate = new Gate(client, "north", 0, folder, silent);
        open.addAll(List.of(erp, profiles, reporting, gate));
        millrace.hooks(at(erp.port()) + "/hook", at(profiles.port()) + "/hook");
        String portal = at(portal().port());
        Ticket refunded = new Ticket("m-2", "south", "ada", 100);
        crowd.buy(portal, TICKET);
        crowd.buy(portal, TICKET);
        crowd.buy(portal, refunded);
        crowd.cancel(portal, refunded);
        await().until(() -> millrace.published().size() == 3 && millrace.left() == 0);
        String sales = "m-1 sold 4500\nm-2 cancelled 100\n";
        for (int port : List.of(erp.port(), profiles.port(), reporting.port())) {
            assertThat(crowd.read(at(port) + "/tickets")).isEqualTo(sales);
        }
        assertThat(crowd.read(at(erp.port()) + "/earned")).isEqualTo("4500\n");
        assertThat(crowd.read(at(profiles.port()) + "/customers")).isEqualTo("ada 1\n");
        assertThat(crowd.read(at(reporting.port()) + "/stands"))
                .isEqualTo("north  1\nearned 4500\n");
        assertThat(crowd.visit(_ -> at(gate.port()), TICKET)).isEqualTo(200);
        assertThat(crowd.visit(_ -> at(gate.port()), TICKET)).isEqualTo(409);
        assertThat(crowd.visit(_ -> at(gate.port()), refunded)).isEqualTo(410);
        assertThat(crowd.read(at(gate.port()) + "/tickets"))
                .contains("m-1 admitted north\n", "m-2 cancelled\n");
        assertThat(crowd.read(at(gate.port()) + "/twice")).isEqualTo("0\n");
    }

    @Test
    void aMatchIsSoldAndPlayedAndAllAgree() throws Exception {
        Office erp = new Office("erp", 0, folder);
        Office profiles = new Office("profiles", 0, folder);
        Gate gate = new Gate(client, "north", 0, folder, silent);
        Reporting reporting = new Reporting(client, 0, folder, silent);
        open.addAll(List.of(erp, profiles, gate, reporting));
        millrace.hooks(at(erp.port()) + "/hook", at(profiles.port()) + "/hook");
        millrace.refuse(1);
        Match match = new Match("m", 30);
        String portal = at(portal().port());
        match.sell(crowd, portal, 1000);
        await().until(() -> millrace.left() == 0 && millrace.published().size() >= 33);
        match.play(crowd, _ -> at(gate.port()), 1000);
        Reconciliation admissions = match.admissions();
        String list = crowd.read(at(gate.port()) + "/tickets");
        admissions.add("gates", list.replace(" admitted north", " admitted"), "m-");
        assertThat(admissions.agrees()).as("%s", admissions.report()).isTrue();
        await().untilAsserted(() -> {
            Reconciliation sales = match.sales();
            sales.add("portal", crowd.read(portal + "/tickets"), "m-");
            sales.add("erp", crowd.read(at(erp.port()) + "/tickets"), "m-");
            sales.add("profiles", crowd.read(at(profiles.port()) + "/tickets"), "m-");
            assertThat(sales.report()).hasSize(4);
            assertThat(sales.agrees()).as("%s", sales.report()).isTrue();
        });
    }

    @Test
    void whatIsSoldWhileMillraceIsBusyIsPublishedLaterUnderTheSameId() throws Exception {
        millrace.refuse(2);
        crowd.buy(at(portal().port()), TICKET);
        await().until(() -> millrace.published().size() == 3);
        assertThat(millrace.published()).containsOnly(millrace.published().getFirst());
        assertThat(millrace.published().getFirst())
                .contains(
                        "\"id\":\"m-1-SOLD\"",
                        "\"source\":\"/org/arena/stand/north/sales\"",
                        "\"type\":\"io.arena.ticket.sold\"");
    }

    @Test
    void aPortalThatComesBackPublishesWhatIsLeft() throws Exception {
        try (Portal first = new Portal(client, 0, folder, silent)) {
            crowd.buy(at(first.port()), TICKET);
            await().until(() -> millrace.published().size() == 1);
            await().until(() -> folder.resolve("portal.published").toFile().length() > 0);
        }
        // Sold, and killed before it was published.
        try (TicketBook book = new TicketBook(folder.resolve("portal.book"))) {
            book.add(
                    new TicketEvent(
                            TicketEvent.Kind.SOLD, new Ticket("m-2", "north", "ada", 4500)));
        }
        String portal = at(portal().port());
        await().until(() -> millrace.published().size() == 2);
        assertThat(millrace.published().getLast()).contains("\"id\":\"m-2-SOLD\"");
        assertThat(crowd.read(portal + "/tickets")).isEqualTo("m-1 sold 4500\nm-2 sold 4500\n");
    }

    @Test
    void aSeatIsNotSoldToTwo() {
        String portal = at(portal().port());
        Crowd hasty = new Crowd(Duration.ofMillis(300));
        open.add(hasty);
        assertThatCode(() -> crowd.buy(portal, TICKET)).doesNotThrowAnyException();
        Ticket other = new Ticket("m-1", "north", "bob", 4500);
        assertThatThrownBy(() -> hasty.buy(portal, other)).hasMessageContaining("status 409");
    }

    @Test
    void whatIsNoTicketIsRejectedWithTheReason() {
        Gate gate = new Gate(client, "north", 0, folder, silent);
        open.add(gate);
        millrace.put("arena-access", "{\"type\":\"something.else\",\"data\":{}}");
        await().until(() -> millrace.left() == 0);
        assertThat(millrace.rejected())
                .containsExactly("no event of the arena has the type something.else");
    }

    @Test
    void anOfficeSaysThatEventsAreWelcome() throws Exception {
        Office erp = new Office("erp", 0, folder);
        open.add(erp);
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(at(erp.port()) + "/hook"))
                                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                                    .header("WebHook-Request-Origin", "millrace.example")
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(answer.headers().firstValue("WebHook-Allowed-Origin"))
                    .contains("millrace.example");
        }
    }
}
