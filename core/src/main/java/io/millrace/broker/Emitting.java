package io.millrace.broker;

import io.millrace.dispatch.Answers;
import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.io.Threading;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Settles leases, and publishes what they bring about first. Thread-safe.
final class Emitting {
    private final Publisher publisher;
    private final Threading threading;

    Emitting(Publisher publisher, Threading threading) {
        this.publisher = publisher;
        this.threading = threading;
    }

    /// What is emitted is published first, and only for leases that hold: they are renewed before.
    /// A crash in between leaves the job, which is done again: what it emits comes twice then, and
    /// has the same id if the worker gives it one.
    List<SettleResult> settle(Principal principal, Group group, List<SettleRequest> requests) {
        List<SettleRequest> emitting = requests.stream().filter(Emitting::emits).toList();
        Map<String, SettleResult> refused =
                emitting.isEmpty() ? Map.of() : emit(principal, group, emitting);
        List<SettleRequest> rest =
                requests.stream()
                        .filter(each -> !emits(each) || !refused.containsKey(each.token()))
                        .toList();
        Iterator<SettleResult> settled = plain(group, rest).iterator();
        List<SettleResult> results = new ArrayList<>(requests.size());
        for (SettleRequest request : requests) {
            SettleResult refusal = emits(request) ? refused.get(request.token()) : null;
            results.add(refusal == null ? settled.next() : refusal);
        }
        return results;
    }

    private static boolean emits(SettleRequest request) {
        return request.emitted() != null && request.action() instanceof SettleAction.Complete;
    }

    private static List<SettleResult> plain(Group group, List<SettleRequest> requests) {
        return group.settle(
                requests.stream().map(SettleRequest::token).toList(),
                requests.stream().map(SettleRequest::action).toList());
    }

    /// @return those whose lease does not hold, by their tokens
    private Map<String, SettleResult> emit(
            Principal principal, Group group, List<SettleRequest> emitting) {
        List<SettleResult> held =
                group.settle(
                        emitting.stream().map(SettleRequest::token).toList(),
                        emitting.stream()
                                .<SettleAction>map(_ -> new SettleAction.Renew(null))
                                .toList());
        Map<String, SettleResult> refused = new HashMap<>();
        List<Publication> publications = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            SettleRequest request = emitting.get(i);
            Publication emitted = request.emitted();
            if (held.get(i).outcome() != SettleResult.Outcome.DONE) {
                refused.put(request.token(), held.get(i));
            } else if (emitted != null) {
                publications.add(caused(emitted, group.event(request.token())));
            }
        }
        if (!publications.isEmpty()) {
            publish(principal, publications);
        }
        return refused;
    }

    private static Publication caused(Publication emitted, @Nullable StoredEvent cause) {
        return cause == null
                ? emitted
                : new Publication(
                        emitted.context(),
                        Answers.derived(cause.event(), emitted.event()),
                        emitted.marks());
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
