package io.millrace.broker;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.catalogue.SecretFiles;
import io.millrace.broker.catalogue.SystemLog;
import io.millrace.broker.partition.ShardGroup;
import io.millrace.broker.stream.ProducerKeeper;
import io.millrace.broker.stream.StreamHost;
import io.millrace.broker.stream.StreamSet;
import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.io.Disk;
import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.resource.Cleanup;
import io.millrace.resource.QueryResource;
import io.millrace.resource.QueueResource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.resource.StreamResource;
import io.millrace.resource.SubscriptionResource;
import io.millrace.resource.ViewResource;
import io.millrace.router.TailConfig;
import io.millrace.schedule.ScheduleResource;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedThreads;
import io.millrace.stream.ContextTable;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The resources of a server, on one thread, with hosts of all kinds: the streams' own and three
/// that only note what they are told.
final class ResourceMachine {
    private static final StreamResource FIRST =
            new StreamResource(
                    StreamSet.DEFAULT,
                    Context.ROOT,
                    1,
                    Durability.SYNCED,
                    null,
                    null,
                    Cleanup.DELETE);

    final List<String> calls = new ArrayList<>();
    final RecordingHost<QueueResource> queues =
            new RecordingHost<>(ResourceKind.QUEUE, QueueResource.class, calls);
    final RecordingHost<SubscriptionResource> subscriptions =
            new RecordingHost<>(ResourceKind.SUBSCRIPTION, SubscriptionResource.class, calls);
    final RecordingHost<ScheduleResource> schedules =
            new RecordingHost<>(ResourceKind.SCHEDULE, ScheduleResource.class, calls);
    final RecordingHost<ViewResource> views =
            new RecordingHost<>(ResourceKind.VIEW, ViewResource.class, calls);
    final RecordingHost<QueryResource> queries =
            new RecordingHost<>(ResourceKind.QUERY, QueryResource.class, calls);
    final StreamSet streams;
    final SystemLog log;
    final ResourceSet resources;
    final Administration administration;

    ResourceMachine(Disk disk, Path data) throws IOException {
        SimulatedClock clock = new SimulatedClock();
        SimulatedThreads threads = new SimulatedThreads(new Random(1), clock, () -> {});
        BrokerConfig config =
                new BrokerConfig(1, ShardConfig.DEFAULT, TailConfig.DEFAULT, 1 << 20, 1000);
        ContextTable contexts = new ContextTable(config.contextsMax(), 100);
        ShardGroup shards =
                new ShardGroup(config.shards(), config.shard(), clock, contexts, threads);
        Path root = data.resolve("streams");
        disk.createFolders(root);
        disk.syncFolder(data);
        streams =
                new StreamSet(
                        new StreamHost(
                                root,
                                disk,
                                new FileLogs(disk, clock),
                                shards,
                                threads,
                                new ProducerKeeper(disk, clock, threads, Duration.ofDays(1))));
        log = new SystemLog(streams.system(), threads);
        Catalogue catalogue = new Catalogue(clock, log, new SecretFiles(disk, data));
        resources =
                new ResourceSet(
                        catalogue,
                        List.of(queries, views, schedules, subscriptions, queues, streams));
        resources.open(StreamSet.SYSTEM_STREAM, FIRST);
        administration = new Administration(new OpenGuard(), resources);
    }

    List<ApplyResult> apply(String documents) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        List<ResourceDocument> read =
                new ResourceReader().read(Bytes.utf8(documents), Format.YAML, problems);
        problems.throwIfAny();
        return administration.apply(Principal.LOCAL, read, false);
    }

    void delete(ResourceKind kind, String name) {
        administration.delete(Principal.LOCAL, kind, name, Precondition.NONE);
    }

    List<String> names(ResourceKind kind) {
        return administration.list(Principal.LOCAL, kind).stream()
                .map(resource -> resource.name())
                .toList();
    }

    /// The document as it is shown; `null` if there is none.
    @Nullable String shown(ResourceKind kind, String name) {
        try {
            return administration.get(Principal.LOCAL, kind, name).toJson().toString();
        } catch (MillraceException e) {
            return null;
        }
    }

    /// What followers of /millrace/** are told.
    List<StoredEvent> told() {
        HistoryReader history = new HistoryReader();
        streams.system().partitions().forEach(p -> history.add(p, p.log().startOffset(), null));
        List<StoredEvent> all = new ArrayList<>();
        while (!history.atEnd()) {
            all.addAll(history.next(1000));
        }
        return all;
    }
}
