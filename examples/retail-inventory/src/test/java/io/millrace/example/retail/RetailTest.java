package io.millrace.example.retail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The parts of the example that need no server.
class RetailTest {
    @Test
    void everySupplierHasHisShape() {
        Change change = new Change("berlin", "4711", 24);
        Map<String, Object> event = Json.object(Supplier.Nordhandel.event(change));
        assertThat(event).containsEntry("source", "/suppliers/nordhandel/berlin");
        assertThat(Json.objectIn(event, "data").toString())
                .isEqualTo("{article=4711, store=berlin, onHand=24}");
        assertThat(
                        Supplier.Suedmarkt.note(
                                "ulm",
                                List.of(new Change("ulm", "1", 24), new Change("ulm", "2", 25))))
                .isEqualTo(
                        "{\"warehouse\":\"ulm\",\"lines\":[{\"ean\":\"1\",\"cases\":2,\"perCase\":12},"
                                + "{\"ean\":\"2\",\"cases\":25,\"perCase\":1}]}");
        assertThat(Supplier.Westkauf.record(new Change("hamburg", "4711", 5)))
                .satisfies(record -> assertThat(record.key()).isEqualTo("hamburg|4711"))
                .satisfies(record -> assertThat(record.value()).isEqualTo("{\"Qty\":\"5\"}"));
    }

    @Test
    void theBooksNameWhatIsWrongInATable() {
        Books books = new Books();
        books.note(List.of(new Change("a", "1", 5), new Change("b", "1", 2)));
        books.note(List.of(new Change("a", "1", 3)));
        assertThat(books.total("1")).isEqualTo(5);
        assertThat(books.compare(Map.of("a/1", 3, "b/1", 2), Map.of("1", 5))).isEmpty();
        assertThat(books.compare(Map.of("a/1", 5, "c/1", 2), Map.of("1", 5)))
                .containsExactly(
                        "store-stock: a/1 is 5 instead of 3",
                        "store-stock: b/1 is null instead of 2",
                        "store-stock: c/1 is unknown");
    }

    @Test
    void sharesOfTimes() {
        List<Long> nanos = List.of(1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L);
        assertThat(Times.at(nanos, 0.5)).isEqualTo(2);
        assertThat(Times.at(nanos, 0.95)).isEqualTo(4);
    }

    @Test
    void optionsSayWhatIsWrong() {
        Options options = Options.parse("127.0.0.1:9092", "--probes", "3", "--kafka", "h:1");
        assertThat(options.probes()).isEqualTo(3);
        assertThat(options.kafka()).isEqualTo("h:1");
        assertThatThrownBy(() -> Options.parse("", "--rate", "many"))
                .hasMessage("--rate: 'many' is not a number");
        assertThatThrownBy(() -> Options.parse("", "--rate")).hasMessage("--rate needs a value");
        assertThatThrownBy(() -> Options.parse("", "--bad", "1"))
                .hasMessage("there is no option --bad");
    }
}
