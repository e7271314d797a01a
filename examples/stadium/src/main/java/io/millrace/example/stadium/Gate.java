package io.millrace.example.stadium;

import io.millrace.example.stadium.HttpProgram.Answer;
import io.millrace.example.stadium.HttpProgram.Request;
import java.io.PrintStream;
import java.nio.file.Path;

/// A gate is a worker of the queue `arena-access`, from which it learns which tickets let in, and
/// the turnstile: `POST /scan/{ticket}` is 200 for who may come in, 409 for who is in already, 410
/// for a cancelled ticket, 404 for an unknown one.
final class Gate implements AutoCloseable {
    private final String name;
    private final AccessBook book;
    private final Receiver receiver;
    private final HttpProgram http;

    Gate(MillraceClient millrace, String name, int port, Path folder, PrintStream out) {
        this.name = name;
        this.book = new AccessBook(folder.resolve("gates.book"));
        this.http =
                new HttpProgram(port)
                        .on("/scan/", this::scan)
                        .on("/tickets", _ -> Answer.of(200, book.list()))
                        .on("/twice", _ -> Answer.of(200, book.admittedTwice() + "\n"))
                        .start();
        this.receiver = new Receiver(millrace, "queues/arena-access", book::note, out);
    }

    int port() {
        return http.port();
    }

    private Answer scan(Request request) {
        if (!request.method().equals("POST")) {
            return Answer.of(405, "POST scans\n");
        }
        AccessBook.Answer answer = book.admit(request.after("/scan/"), name);
        return switch (answer) {
            case ADMITTED -> Answer.of(200, "welcome\n");
            case ADMITTED_BEFORE -> Answer.of(409, "somebody is in with this ticket\n");
            case CANCELLED -> Answer.of(410, "cancelled\n");
            case UNKNOWN -> Answer.of(404, "no such ticket\n");
        };
    }

    @Override
    public void close() {
        receiver.close();
        http.close();
        book.close();
    }
}
