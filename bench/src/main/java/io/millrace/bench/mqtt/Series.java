package io.millrace.bench.mqtt;

/// Counts the messages of one publisher as one subscriber gets them: each once, in order.
final class Series {
    private final String name;
    private long count;

    Series(String name) {
        this.name = name;
    }

    void take(long number) {
        if (number != count) {
            throw new IllegalStateException(
                    "%s: message %d came where %d was due".formatted(name, number, count));
        }
        count++;
    }

    long count() {
        return count;
    }
}
