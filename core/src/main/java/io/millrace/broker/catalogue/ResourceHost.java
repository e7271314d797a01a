package io.millrace.broker.catalogue;

import io.millrace.config.ProblemCollector;
import io.millrace.error.MillraceException;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceKind;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/// Makes the resources of one kind work: what a [Resource] says, the host has open.
///
/// **A start** calls [#incarnations] and [#leftBehind] once, [#opened] for every resource, those of
/// the kinds that it may refer to first, and [#completed] once.
///
/// **A creation** is [#check], [#prepare], the record on disk, [#created], [#completed]; if
/// preparing or recording fails, [#discard] instead. **A change** is [#check], the record,
/// [#changed], [#completed]. **A deletion** is [#checkDeletion], the record, [#deleted]. So what
/// can be refused is refused before anything is recorded, what takes files or memory is taken
/// before too, and what is reachable is on disk. A resource of which nothing changes is not heard
/// of.
///
/// After the record nothing should fail. If it does, whoever asked gets the error; the catalogue
/// stays as it was, but after the next start the resource is what was recorded.
///
/// All methods but [#warmUp] are called by one thread at a time, which holds the lock of all
/// resources: they must not wait for a thread that sets up resources itself. They may wait for the
/// disk and for shards.
///
/// @param <R> the resources of this kind
public interface ResourceHost<R extends Resource> {
    ResourceKind kind();

    /// The class of [#kind]'s resources.
    Class<R> type();

    /// Something of this kind is about to be checked: makes ready what takes long, before the lock
    /// is taken. Called by any thread.
    default void warmUp() {}

    /// Adds what speaks against these resources, together and with what exists. Changes nothing.
    /// That what they refer to exists is checked elsewhere.
    ///
    /// @param proposals all of this kind that are wanted at once
    default void check(List<Proposal<R>> proposals, ProblemCollector problems) {}

    /// Adds what speaks against deleting a resource. That nothing refers to it is checked
    /// elsewhere.
    default void checkDeletion(R resource, ProblemCollector problems) {}

    /// Incarnations that files are there for, whether their resources exist or not: none of their
    /// numbers is given again.
    default Collection<Integer> incarnations() throws IOException {
        return List.of();
    }

    /// Resources that are gone, of which a crash may have left files.
    default void leftBehind(List<Deleted> deleted) throws IOException {}

    /// A resource that was there before the start: opens what it has.
    ///
    /// @throws MillraceException if it cannot be, and the server cannot start therefore
    void opened(R resource, int incarnation);

    /// Makes ready what a new resource needs, reachable for nobody.
    ///
    /// @throws MillraceException if that is not possible; [#discard] follows
    default void prepare(R resource, int incarnation) {}

    /// Takes back what [#prepare] has done, or has begun to do.
    default void discard(R resource, int incarnation) {}

    /// The creation is recorded: makes the resource reachable.
    void created(R resource, int incarnation);

    /// The change is recorded: goes on as the resource is now.
    void changed(R before, R after, int incarnation);

    /// The deletion is recorded: ends the resource and deletes its files.
    void deleted(R resource, int incarnation);

    /// The start, or one change of one or more resources, is over.
    default void completed() {}
}
