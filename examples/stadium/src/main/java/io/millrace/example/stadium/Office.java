package io.millrace.example.stadium;

import io.millrace.example.stadium.HttpProgram.Answer;
import io.millrace.example.stadium.HttpProgram.Request;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// A program to which Millrace pushes: `POST /hook`. The ERP (`GET /earned`) and the customers'
/// profiles (`GET /customers`) are two of them, each with a book of its own. An event is
/// acknowledged when it is in the book; one that comes again is acknowledged again.
final class Office implements AutoCloseable {
    private final TicketBook book;
    private final HttpProgram http;

    /// @param name of the book's file
    Office(String name, int port, Path folder) {
        this.book = new TicketBook(folder.resolve(name + ".book"));
        this.http =
                new HttpProgram(port)
                        .on("/hook", this::hook)
                        .on("/tickets", _ -> Answer.of(200, book.list()))
                        .on("/earned", _ -> Answer.of(200, book.earned() + "\n"))
                        .on("/customers", _ -> Answer.of(200, customers()))
                        .start();
    }

    int port() {
        return http.port();
    }

    /// Takes events in the binary and in the structured mode of CloudEvents. `OPTIONS` is the
    /// question whether events are welcome (HTTP 1.1 Web Hooks for Event Delivery, section 4).
    private Answer hook(Request request) {
        if (request.method().equals("OPTIONS")) {
            String origin = request.headers().getOrDefault("WebHook-Request-Origin", "*");
            return new Answer(
                    200, "", Map.of("WebHook-Allowed-Origin", origin, "WebHook-Allowed-Rate", "*"));
        }
        String type = request.headers().get("ce-type");
        TicketEvent event =
                type == null
                        ? TicketEvent.of(Json.object(request.body()))
                        : new TicketEvent(TicketEvent.Kind.of(type), Ticket.of(request.body()));
        book.add(event);
        return Answer.of(204, "");
    }

    private String customers() {
        return book.count(Ticket::customer).entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        http.close();
        book.close();
    }
}
