package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.io.Threading;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Settles leases, and publishes what they bring about first. Thread-safe.
final class Emitting {
    private final Publisher publisher;
    private final Threading threading;

    Emitting(Publisher publisher, Threading threading) {
        this.publisher = publisher;
        this.threading = threading;
    }

    /// A crash between the two leaves the job, which is done again: what it emits comes twice then,
    /// and has the same id if the worker gives it one.
    List<SettleResult> settle(Principal principal, Group group, List<SettleRequest> requests) {
        List<Publication> emitted =
                requests.stream()
                        .filter(request -> request.action() instanceof SettleAction.Complete)
                        .flatMap(request -> java.util.stream.Stream.ofNullable(request.emitted()))
                        .toList();
        if (!emitted.isEmpty()) {
            publish(principal, emitted);
        }
        return group.settle(
                requests.stream().map(SettleRequest::token).toList(),
                requests.stream().map(SettleRequest::action).toList());
    }

    private void publish(Principal principal, List<Publication> publications) {
        try {
            threading.await(future(principal, publications));
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException problem ? problem : e;
        }
    }

    /// Publishes, and completes when it is stored.
    CompletableFuture<List<Receipt>> future(Principal principal, List<Publication> publications) {
        CompletableFuture<List<Receipt>> stored = new CompletableFuture<>();
        PublishReply reply =
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        stored.complete(receipts);
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        stored.completeExceptionally(problem);
                    }
                };
        if (publications.size() == 1) {
            publisher.publishOne(principal, publications.getFirst(), reply);
        } else {
            publisher.publishAll(principal, publications, reply);
        }
        return stored;
    }
}
