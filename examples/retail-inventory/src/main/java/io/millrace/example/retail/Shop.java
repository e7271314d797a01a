package io.millrace.example.retail;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Has the suppliers tell changes, and looks into both tables until they show them. One thread; the
/// changes that nobody measures are told between those that are.
final class Shop {
    static final String STORE = "store-stock";
    static final String WEBSHOP = "webshop-stock";
    private static final Duration SETTLED_MAX = Duration.ofMinutes(2);
    private static final int SKU_MIN = 10_000;
    private static final int QUANTITY_MAX = 500;
    private static final int REPORT_EVERY = 30;

    private final MillraceClient millrace;
    private final List<Supplier> suppliers;
    private final Options options;
    private final PrintStream out;
    private final Books books = new Books();
    private final Times times = new Times();
    private final SplittableRandom random = new SplittableRandom(41);

    Shop(MillraceClient millrace, List<Supplier> suppliers, Options options, PrintStream out) {
        this.millrace = millrace;
        this.suppliers = List.copyOf(suppliers);
        this.options = options;
        this.out = out;
    }

    /// Plays until the probes are done.
    ///
    /// @return the exit code of the program: 0 if both tables are right in the end
    int run() throws IOException, InterruptedException {
        fill();
        out.printf(
                "retail-inventory: %d articles at 6 locations are in both tables%n",
                options.articles());
        long next = System.nanoTime();
        for (int probe = 1; options.probes() == 0 || probe <= options.probes(); probe++) {
            Supplier supplier = suppliers.get(probe % suppliers.size());
            // A second has three probes, and between them what the rate says.
            tell(supplier, some(supplier, options.rate() / suppliers.size()));
            measure(supplier);
            if (probe % REPORT_EVERY == 0) {
                times.print(out);
            }
            next += Duration.ofSeconds(1).toNanos() / suppliers.size();
            Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
        }
        if (options.probes() % REPORT_EVERY != 0) {
            times.print(out);
        }
        return compare();
    }

    /// Tells the stock of every article at every location and waits until both tables are right.
    private void fill() throws IOException, InterruptedException {
        for (Supplier supplier : suppliers) {
            List<Change> all = new ArrayList<>();
            for (String location : supplier.locations()) {
                for (int sku = 0; sku < options.articles(); sku++) {
                    all.add(new Change(location, sku(sku), random.nextInt(QUANTITY_MAX)));
                }
            }
            tell(supplier, all);
        }
        awaitRight();
    }

    private List<Change> some(Supplier supplier, int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(any(supplier));
        }
        return changes;
    }

    private Change any(Supplier supplier) {
        List<String> locations = supplier.locations();
        return new Change(
                locations.get(random.nextInt(locations.size())),
                sku(random.nextInt(options.articles())),
                random.nextInt(QUANTITY_MAX));
    }

    private static String sku(int number) {
        return Integer.toString(SKU_MIN + number);
    }

    private void tell(Supplier supplier, List<Change> changes)
            throws IOException, InterruptedException {
        if (!changes.isEmpty()) {
            supplier.tell(changes);
            books.note(changes);
        }
    }

    /// Tells one change of an article and waits until the stores and the web shop see it.
    private void measure(Supplier supplier) throws IOException, InterruptedException {
        Change old = any(supplier);
        // Other than everything before, so that nothing old is taken for it.
        Change change =
                new Change(old.location(), old.sku(), QUANTITY_MAX + random.nextInt(100_000));
        long began = System.nanoTime();
        tell(supplier, List.of(change));
        int total = books.total(change.sku());
        await(STORE, change.key(), change.quantity());
        times.add(supplier.name() + " to " + STORE, System.nanoTime() - began);
        await(WEBSHOP, change.sku(), total);
        times.add(supplier.name() + " to " + WEBSHOP, System.nanoTime() - began);
    }

    private void await(String view, String key, int quantity)
            throws IOException, InterruptedException {
        if (!millrace.awaitEntry(view, key, row -> quantity(row) == quantity, SETTLED_MAX)) {
            throw new IOException("%s: %s never became %d".formatted(view, key, quantity));
        }
    }

    /// Of a row, or of an event with a row as its data.
    private static int quantity(Map<String, Object> entry) {
        Map<String, Object> row =
                entry.containsKey("specversion") ? Json.objectIn(entry, "data") : entry;
        return Integer.parseInt(Json.textIn(row, "quantity"));
    }

    private int compare() throws IOException, InterruptedException {
        List<String> wrong = awaitRight();
        wrong.forEach(each -> out.println("WRONG: " + each));
        out.println(
                wrong.isEmpty()
                        ? "both tables agree with the suppliers"
                        : wrong.size() + " entries do not agree with the suppliers");
        return wrong.isEmpty() ? 0 : 1;
    }

    /// Says what is still wrong when patience is over; empty if nothing is.
    private List<String> awaitRight() throws IOException, InterruptedException {
        long end = System.nanoTime() + SETTLED_MAX.toNanos();
        while (true) {
            List<String> wrong = books.compare(quantities(STORE), quantities(WEBSHOP));
            if (wrong.isEmpty() || System.nanoTime() > end) {
                return wrong;
            }
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    private Map<String, Integer> quantities(String view) throws IOException, InterruptedException {
        Map<String, Integer> quantities = new TreeMap<>();
        millrace.entries(view).forEach((key, entry) -> quantities.put(key, quantity(entry)));
        return quantities;
    }
}
