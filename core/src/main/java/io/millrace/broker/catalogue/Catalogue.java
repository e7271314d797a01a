package io.millrace.broker.catalogue;

import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import io.millrace.io.Clock;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The resources that exist, kept as events in the system stream: each change is one, so that
/// whoever follows `/millrace/**` hears of it, and starting reads them back. The events hold no
/// secrets; those are in [SecretFiles]. Used by one thread at a time.
///
/// Incarnations and files of secrets have numbers from one counter: none is ever given twice, of
/// whatever kind.
public final class Catalogue {
    private static final String INCARNATION = "incarnation";
    private static final String SECRETS = "secretsnumber";

    private final Clock clock;
    private final SystemLog log;
    private final SecretFiles secretFiles;
    private final Map<ResourceKind, TreeMap<String, Known>> known =
            new EnumMap<>(ResourceKind.class);
    private final Map<ResourceKind, List<Deleted>> deleted = new EnumMap<>(ResourceKind.class);
    private int lastNumber;

    public Catalogue(Clock clock, SystemLog log, SecretFiles secretFiles) {
        this.clock = clock;
        this.log = log;
        this.secretFiles = secretFiles;
        for (ResourceKind kind : ResourceKind.values()) {
            known.put(kind, new TreeMap<>());
            deleted.put(kind, new ArrayList<>());
        }
    }

    /// The last that was recorded of a resource.
    private record Recorded(Bytes document, int incarnation, int secrets) {}

    /// Reads all changes back.
    ///
    /// @throws MillraceException PARTITION_CORRUPT if a document cannot be read or its secrets are
    ///   gone
    public void recover() throws IOException {
        Map<ResourceKind, TreeMap<String, Recorded>> recorded = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            recorded.put(kind, new TreeMap<>());
        }
        log.read(stored -> {
            ResourceKind kind = kind(stored.event());
            TreeMap<String, Recorded> latest = kind == null ? null : recorded.get(kind);
            if (kind != null && latest != null) {
                replay(stored.event(), kind, latest);
            }
        });
        Set<Integer> needed = new HashSet<>();
        for (Map.Entry<ResourceKind, TreeMap<String, Recorded>> kind : recorded.entrySet()) {
            for (Map.Entry<String, Recorded> each : kind.getValue().entrySet()) {
                put(known(kind.getKey(), each.getKey(), each.getValue()));
                needed.add(each.getValue().secrets());
            }
        }
        avoid(secretFiles.numbers());
        secretFiles.keep(needed);
    }

    /// The kind of resource that a change is about; `null` if it is about something else.
    private static @Nullable ResourceKind kind(Event event) {
        for (ResourceKind kind : ResourceKind.values()) {
            if (event.subject() != null && event.type().startsWith(type(kind, ""))) {
                return kind;
            }
        }
        return null;
    }

    private static String type(ResourceKind kind, String verb) {
        return "io.millrace." + kind.noun() + "." + verb;
    }

    private void replay(Event event, ResourceKind kind, TreeMap<String, Recorded> latest) {
        String name = String.valueOf(event.subject());
        int incarnation = number(event, INCARNATION);
        int secrets = number(event, SECRETS);
        avoid(List.of(incarnation, secrets));
        Bytes document = event.data();
        if (document == null) {
            latest.remove(name);
            deleted(kind).add(new Deleted(name, incarnation));
        } else {
            latest.put(name, new Recorded(document, incarnation, secrets));
        }
    }

    private static int number(Event event, String extension) {
        return event.extensions().get(extension) instanceof IntegerValue(int value) ? value : 0;
    }

    private Known known(ResourceKind kind, String name, Recorded recorded) throws IOException {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ResourceDocument document =
                new ResourceReader()
                        .readOne(
                                recorded.document(), DocumentReader.Format.JSON, kind.word(), name);
        Resource resource = ResourceDocuments.read(kind, document, problems);
        problems.throwIfAny();
        if (resource == null) {
            throw new IllegalStateException("a resource without problems is there");
        }
        return new Known(
                recorded.secrets() == 0 ? resource : withSecrets(resource, recorded.secrets()),
                recorded.incarnation(),
                recorded.secrets());
    }

    private Resource withSecrets(Resource resource, int number) throws IOException {
        String of = "the %s %s".formatted(resource.kind().noun(), resource.name());
        Map<String, String> secrets = secretFiles.read(number, of);
        try {
            Resource whole = resource.withSecrets(secrets);
            if (whole.missingSecrets().isEmpty()) {
                return whole;
            }
            String lacks = "lacks " + whole.missingSecrets().getFirst();
            throw SecretFiles.missing(secretFiles.file(number), of, lacks);
        } catch (IllegalArgumentException _) {
            // What is wrong with a secret may tell of it.
            String what = "has a secret that cannot be what it is for";
            throw SecretFiles.missing(secretFiles.file(number), of, what);
        }
    }

    /// All of a kind by name.
    public SortedMap<String, Known> all(ResourceKind kind) {
        return Collections.unmodifiableSortedMap(map(kind));
    }

    private TreeMap<String, Known> map(ResourceKind kind) {
        TreeMap<String, Known> map = known.get(kind);
        if (map == null) {
            throw new IllegalStateException("every kind has a map");
        }
        return map;
    }

    public @Nullable Known find(ResourceKind kind, String name) {
        return map(kind).get(name);
    }

    /// Resources whose deletion was found when starting.
    public List<Deleted> deleted(ResourceKind kind) {
        List<Deleted> list = deleted.get(kind);
        return list == null ? List.of() : list;
    }

    /// A number for what is about to be created; never given twice.
    public int nextNumber() {
        return ++lastNumber;
    }

    /// Gives none of these numbers: the record of a deletion may be compacted away while the files
    /// could not be deleted.
    public void avoid(Collection<Integer> numbers) {
        numbers.forEach(number -> lastNumber = Math.max(lastNumber, number));
    }

    /// Remembers a resource, in place of one of its name.
    public void put(Known known) {
        map(known.resource().kind()).put(known.resource().name(), known);
    }

    public void remove(ResourceKind kind, String name) {
        map(kind).remove(name);
    }

    /// What a wanted resource will be known as. Its secrets are written, unless they are those that
    /// it has.
    ///
    /// @param before what it replaces; `null` if it is created
    public Known next(@Nullable Known before, Resource wanted) {
        int incarnation = before == null ? nextNumber() : before.incarnation();
        if (wanted.secrets().isEmpty()) {
            return new Known(wanted, incarnation, 0);
        }
        if (before != null && before.resource().secrets().equals(wanted.secrets())) {
            return new Known(wanted, incarnation, before.secrets());
        }
        int number = nextNumber();
        secretFiles.write(number, wanted.secrets());
        return new Known(wanted, incarnation, number);
    }

    /// Deletes the file of the secrets that one state of a resource has and the other does not
    /// need.
    ///
    /// @param needed `null` if nothing is needed
    public void forgetSecrets(@Nullable Known gone, @Nullable Known needed) {
        if (gone != null && (needed == null || needed.secrets() != gone.secrets())) {
            secretFiles.delete(gone.secrets());
        }
    }

    /// Records changes, together or not at all; they are on disk when this returns.
    public void record(List<Event> changes) {
        log.write(changes);
    }

    /// The event of a creation.
    public Event created(Known known) {
        return put("created", known);
    }

    /// The event of a change.
    public Event changed(Known known) {
        return put("changed", known);
    }

    private Event put(String verb, Known known) {
        return event(verb, known, Bytes.utf8(known.resource().toJson().toString()));
    }

    /// The event of a deletion: without data, so that compaction drops what was before it.
    public Event deleted(Known known) {
        return event("deleted", known, null);
    }

    private Event event(String verb, Known known, @Nullable Bytes data) {
        Timestamp now = Timestamp.of(Instant.ofEpochMilli(clock.epochMillis()));
        ResourceKind kind = known.resource().kind();
        String name = known.resource().name();
        EventBuilder event =
                Event.builder()
                        .id("%s.%d.%s.%s".formatted(name, known.incarnation(), verb, now))
                        .source("/millrace/%s/%s".formatted(kind.plural(), name))
                        .type(type(kind, verb))
                        .subject(name)
                        .time(now)
                        .dataContentType(data == null ? null : "application/json")
                        .extension(INCARNATION, new IntegerValue(known.incarnation()))
                        .data(data);
        if (known.secrets() != 0 && data != null) {
            event.extension(SECRETS, new IntegerValue(known.secrets()));
        }
        return event.build();
    }
}
