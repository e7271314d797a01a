package io.millrace.example.stadium;

import io.millrace.example.stadium.HttpProgram.Answer;
import io.millrace.example.stadium.HttpProgram.Request;
import io.millrace.example.stadium.TicketEvent.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The portal sells and cancels tickets: `PUT /tickets/{id}`, `DELETE /tickets/{id}`.
///
/// A sale is answered when it is in the portal's own book. From there an *outbox* publishes it: one
/// request after the other, in the order of the book, and it notes how far it has come. Killed in
/// between it publishes some events again, under the same ids.
final class Portal implements AutoCloseable {
    private static final int BATCH_MAX = 100;
    private static final Duration IDLE = Duration.ofMillis(50);

    private final TicketBook book;
    private final Journal published;
    private final MillraceClient millrace;
    private final HttpProgram http;
    private final Insistent outbox;
    private int publishedTo;

    /// @param folder where the portal keeps its book
    Portal(MillraceClient millrace, int port, Path folder, PrintStream out) {
        this.millrace = millrace;
        this.book = new TicketBook(folder.resolve("portal.book"));
        this.published = new Journal(folder.resolve("portal.published"));
        List<String> marks = published.fresh();
        this.publishedTo = marks.isEmpty() ? 0 : Integer.parseInt(marks.getLast());
        this.http =
                new HttpProgram(port)
                        .on("/tickets/", this::ticket)
                        .on("/tickets", _ -> Answer.of(200, book.list()))
                        .start();
        this.outbox = new Insistent("portal", this::publish, out, Duration.ofMillis(100));
    }

    int port() {
        return http.port();
    }

    private Answer ticket(Request request) {
        String id = request.after("/tickets/");
        TicketBook.Entry known = book.find(id);
        return switch (request.method()) {
            case "PUT" -> {
                Ticket ticket = Ticket.of(request.body());
                if (!ticket.id().equals(id) || (known != null && !known.ticket().equals(ticket))) {
                    yield Answer.of(409, "that is another ticket\n");
                }
                boolean news = book.add(new TicketEvent(Kind.SOLD, ticket));
                yield Answer.of(news ? 201 : 200, "sold\n");
            }
            case "DELETE" -> {
                if (known == null) {
                    yield Answer.of(404, "never sold\n");
                }
                book.add(new TicketEvent(Kind.CANCELLED, known.ticket()));
                yield Answer.of(200, "cancelled\n");
            }
            default -> Answer.of(405, "PUT buys, DELETE cancels\n");
        };
    }

    /// Publishes what is next.
    private void publish() throws IOException, InterruptedException {
        List<TicketEvent> next = book.events(publishedTo, BATCH_MAX);
        if (next.isEmpty()) {
            Thread.sleep(IDLE);
            return;
        }
        millrace.publish(next);
        publishedTo += next.size();
        published.append(Integer.toString(publishedTo));
    }

    @Override
    public void close() {
        outbox.close();
        http.close();
        book.close();
        published.close();
    }
}
