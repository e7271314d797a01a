package io.millrace.bench;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.filter.AttributeFilter;
import io.millrace.event.filter.AttributeFilter.Comparison;
import io.millrace.event.filter.AttributeFilter.Expectation;
import io.millrace.event.filter.Filters;
import io.millrace.router.Attachment;
import io.millrace.router.Interest;
import io.millrace.router.InterestIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One thread asks an index who wants an event, of which there are 1,024 different ones, each
/// wanted by one interest if there are as many. A score is nanoseconds an event.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InterestBenchmark {
    private static final int EVENTS = 1 << 10;

    /// In what the interests differ.
    public enum Difference {
        /// One context each.
        PATTERN,
        /// One exact type each; all have the pattern `/**`.
        TYPE,
        /// One exact filter on an extension each; all have the pattern `/**` and one type.
        EXTENSION
    }

    @Param({"10", "100000"})
    public int interests;

    @Param public Difference difference = Difference.PATTERN;

    private final InterestIndex<Integer> index = new InterestIndex<>();
    private final List<Context> contexts = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private int next;
    private long found;

    @Setup
    public void fill() {
        for (int i = 0; i < interests; i++) {
            index.add(interest(i), i);
        }
        for (int i = 0; i < EVENTS; i++) {
            // Wanted by one interest, whether there are ten of them or more.
            int wanted = (int) ((long) i * interests / EVENTS);
            contexts.add(context(wanted));
            events.add(event(wanted));
        }
    }

    private Interest interest(int i) {
        String pattern = difference == Difference.PATTERN ? context(i).path() : "/**";
        List<String> types =
                switch (difference) {
                    case PATTERN -> List.of();
                    case TYPE -> List.of(type(i));
                    case EXTENSION -> List.of("com.example.alarm");
                };
        Filters filters =
                difference == Difference.EXTENSION
                        ? new Filters(
                                List.of(
                                        new AttributeFilter(
                                                Comparison.EXACT,
                                                List.of(new Expectation("unit", unit(i))))))
                        : Filters.NONE;
        return new Interest(ContextPattern.of(pattern), types, null, filters);
    }

    private Event event(int i) {
        return Event.builder()
                .id("event-" + i)
                .source("/sensors/climate")
                .type(difference == Difference.TYPE ? type(i) : "com.example.alarm")
                .extension("unit", unit(i))
                .build();
    }

    private static Context context(int i) {
        return Context.of("/org/contoso/building/%d/unit/%d".formatted(i / 100, i % 100));
    }

    private static String type(int i) {
        return "com.example.alarm." + i;
    }

    private static String unit(int i) {
        return "unit-" + i;
    }

    @Benchmark
    public long match() {
        int i = next++ & (EVENTS - 1);
        index.match(contexts.get(i), events.get(i), attachment -> found++);
        return found;
    }

    /// One more interest comes and one goes, beside all the others.
    @Benchmark
    public boolean addAndRemove() {
        int i = next++ & (EVENTS - 1);
        Attachment<Integer> attachment = index.add(interest(i), i);
        return index.remove(attachment);
    }
}
