package io.millrace.example.stadium;

import io.millrace.example.stadium.HttpProgram.Answer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// Live reporting asks for what is new by itself, and shows how the stands fill: `GET /stands`.
final class Reporting implements AutoCloseable {
    private final TicketBook book;
    private final Receiver receiver;
    private final HttpProgram http;

    Reporting(MillraceClient millrace, int port, Path folder, PrintStream out) {
        this.book = new TicketBook(folder.resolve("reporting.book"));
        this.http =
                new HttpProgram(port)
                        .on("/tickets", _ -> Answer.of(200, book.list()))
                        .on("/stands", _ -> Answer.of(200, stands()))
                        .start();
        this.receiver = new Receiver(millrace, "subscriptions/arena-reporting", book::add, out);
    }

    int port() {
        return http.port();
    }

    private String stands() {
        return book.count(Ticket::stand).entrySet().stream()
                .map(entry -> "%-6s %d\n".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("", "", "earned " + book.earned() + "\n"));
    }

    @Override
    public void close() {
        receiver.close();
        http.close();
        book.close();
    }
}
