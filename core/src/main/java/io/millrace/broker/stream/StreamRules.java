package io.millrace.broker.stream;

import io.millrace.broker.catalogue.Proposal;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.resource.StreamResource;
import io.millrace.stream.Stream;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// What speaks against streams that are wanted.
final class StreamRules {
    private final StreamResource system;
    private final ProblemCollector problems;

    /// @param system the server's own stream, which stays as it is
    StreamRules(StreamResource system, ProblemCollector problems) {
        this.system = system;
        this.problems = problems;
    }

    /// @param existing the streams that are there
    void check(Collection<Stream> existing, List<Proposal<StreamResource>> proposals) {
        TreeMap<String, String> mounts = new TreeMap<>();
        existing.forEach(stream -> mounts.put(stream.mount().path(), stream.name()));
        for (Proposal<StreamResource> proposal : proposals) {
            StreamResource wanted = proposal.after();
            String holder = mounts.putIfAbsent(wanted.mount().path(), wanted.name());
            if (holder != null && !holder.equals(wanted.name())) {
                conflict(
                        proposal.field("mount"),
                        "%s is the mount of the stream %s already"
                                .formatted(wanted.mount(), holder));
            }
            if (proposal.before() != null) {
                checkChange(proposal.before(), proposal);
            } else if (isReserved(wanted)) {
                reserved(proposal.field("mount"), "the server itself lives in /millrace");
            }
        }
        checkTopics(existing, proposals);
    }

    private boolean isReserved(StreamResource resource) {
        return system.mount().covers(resource.mount()) || resource.name().equals(system.name());
    }

    private void checkChange(StreamResource before, Proposal<StreamResource> proposal) {
        StreamResource after = proposal.after();
        if (isReserved(before) && !before.equals(after)) {
            reserved(proposal.field("name"), "the server's own stream cannot be changed");
            return;
        }
        if (!before.mount().equals(after.mount())) {
            conflict(
                    proposal.field("mount"),
                    "cannot be changed, since recorded events stay where they are; create another stream");
        }
        if (after.partitions() < before.partitions()) {
            conflict(
                    proposal.field("partitions"),
                    "cannot become fewer than %d, since events are in them"
                            .formatted(before.partitions()));
        }
        if (!before.topicName().equals(after.topicName())) {
            conflict(
                    proposal.field("topic"),
                    "cannot be changed, since clients know the topic by it; create another stream");
        }
        if (before.cleanup() != after.cleanup()) {
            conflict(
                    proposal.field("cleanup"),
                    "cannot be changed, since recorded events have no keys to compact by; create another stream");
        }
    }

    /// The server's own stream and the one that takes what no other does are always there.
    void checkDeletion(StreamResource resource) {
        if (isReserved(resource) || resource.name().equals(StreamSet.DEFAULT)) {
            reserved(
                    "name",
                    "the stream %s is always there; only other streams can be deleted"
                            .formatted(resource.name()));
        }
    }

    /// No two topics have one name, whether it is that of their stream or another.
    private void checkTopics(
            Collection<Stream> existing, List<Proposal<StreamResource>> proposals) {
        TreeMap<String, String> topics = new TreeMap<>();
        existing.forEach(stream -> topics.put(stream.topic(), stream.name()));
        for (Proposal<StreamResource> proposal : proposals) {
            StreamResource wanted = proposal.after();
            String holder = topics.putIfAbsent(wanted.topicName(), wanted.name());
            if (holder != null && !holder.equals(wanted.name())) {
                conflict(
                        proposal.field("topic"),
                        "%s is the topic of the stream %s already"
                                .formatted(wanted.topicName(), holder));
            }
        }
    }

    private void conflict(String field, String detail) {
        problems.add(new Problem(ErrorCode.RESOURCE_CONFLICT, field, detail));
    }

    private void reserved(String field, String detail) {
        problems.add(new Problem(ErrorCode.RESOURCE_PROTECTED, field, detail));
    }
}
