package io.millrace.schedule;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.resource.ResourceReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A schedule as it is set up: when it fires, where to, and what it emits.
///
/// ```yaml
/// kind: Schedule
/// name: nightly
/// cron: 30 2 * * MON-FRI       # or every: 15m, or at: 2026-12-24T18:00:00+01:00
/// timeZone: Europe/Berlin      # of cron; UTC if it is left out
/// catchUp: once                # skip, once (the default), all
/// target:
///   context: /org/contoso/clock  # with event; or queue: NAME with job
/// event:
///   type: com.contoso.night
/// ```
///
/// `every` may have an `anchor`, from which its times are counted; otherwise they are counted from
/// 1970-01-01T00:00:00Z, so that `1h` means every full hour in UTC. `catchUpMax` limits `catchUp:
/// all`.
public record ScheduleResource(
        String name,
        Timetable timetable,
        CatchUp catchUp,
        ScheduleTarget target,
        EventTemplate template)
        implements Resource {
    /// Reads the fields of a document of this kind.
    ///
    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable ScheduleResource read(
            ResourceDocument document, ProblemCollector problems) {
        int before = problems.size();
        Fields fields = new Fields(document.tree(), document.path(), problems);
        if (!fields.is("kind", ResourceKind.SCHEDULE.word())) {
            fields.wrong("kind", "must be " + ResourceKind.SCHEDULE.word());
        }
        fields.string("name");
        Timetable timetable = TimetableFields.read(fields);
        CatchUp catchUp = catchUp(fields);
        ScheduleTarget target = target(fields);
        EventTemplate template = template(fields, document, target);
        fields.end();
        if (timetable == null || target == null || template == null || problems.size() > before) {
            return null;
        }
        return new ScheduleResource(document.name(), timetable, catchUp, target, template);
    }

    private static CatchUp catchUp(Fields fields) {
        CatchUp.Policy policy =
                Objects.requireNonNullElse(
                        fields.oneOf("catchUp", CatchUp.Policy.class), CatchUp.Policy.ONCE);
        Long max = fields.integer("catchUpMax", 1, CatchUp.TIMES_MAX);
        if (fields.has("catchUpMax") && policy != CatchUp.Policy.ALL) {
            fields.wrong("catchUpMax", "goes with catchUp: all only");
        }
        return new CatchUp(policy, max == null ? CatchUp.TIMES_DEFAULT : max.intValue());
    }

    private static @Nullable ScheduleTarget target(Fields fields) {
        fields.require("target");
        Fields target = fields.object("target");
        String context = target.string("context");
        String queue = target.string("queue");
        boolean both = target.has("context") == target.has("queue");
        target.end();
        if (both) {
            if (fields.has("target")) {
                fields.wrong("target", "must have either context or queue");
            }
            return null;
        }
        if (queue != null) {
            if (ResourceReader.isName(queue)) {
                return new ScheduleTarget.ToQueue(queue);
            }
            target.wrong("queue", "must be the name of a queue: 1 to 63 of a-z, 0-9 and -");
            return null;
        }
        return context == null ? null : toContext(target, context);
    }

    private static @Nullable ScheduleTarget toContext(Fields target, String context) {
        try {
            return new ScheduleTarget.ToContext(Context.of(context));
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                target.wrong("context", problem.detail());
            }
            return null;
        }
    }

    /// An event for a context, a job for a queue.
    private static @Nullable EventTemplate template(
            Fields fields, ResourceDocument document, @Nullable ScheduleTarget target) {
        boolean job = target == null ? fields.has("job") : target instanceof ScheduleTarget.ToQueue;
        String key = job ? "job" : "event";
        String other = job ? "event" : "job";
        if (fields.has(other)) {
            fields.wrong(
                    other,
                    job
                            ? "goes to a context; what goes to a queue is a job"
                            : "goes to a queue; what goes to a context is an event");
        }
        if (!fields.has(key)) {
            fields.wrong(key, "is missing");
            return null;
        }
        JsonNode tree = document.tree().get(key);
        Fields template = fields.object(key);
        return tree.isObject() ? EventTemplate.read(document.name(), template, tree) : null;
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SCHEDULE;
    }

    @Override
    public List<ResourceReference> references() {
        return target instanceof ScheduleTarget.ToQueue(String queue)
                ? List.of(new ResourceReference("target.queue", ResourceKind.QUEUE, queue))
                : List.of();
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", kind().word());
        document.put("name", name);
        switch (timetable) {
            case Cron cron -> {
                document.put("cron", cron.expression());
                document.put("timeZone", cron.zone().getId());
            }
            case Every every -> {
                document.put("every", Durations.print(every.interval()));
                document.put("anchor", every.anchor().toString());
            }
            case Once once -> document.put("at", once.at().toString());
        }
        document.put("catchUp", Fields.word(catchUp.policy()));
        if (catchUp.policy() == CatchUp.Policy.ALL) {
            document.put("catchUpMax", catchUp.timesMax());
        }
        ObjectNode to = document.putObject("target");
        switch (target) {
            case ScheduleTarget.ToContext(Context context) -> {
                to.put("context", context.path());
                template.writeTo(document.putObject("event"));
            }
            case ScheduleTarget.ToQueue(String queue) -> {
                to.put("queue", queue);
                template.writeTo(document.putObject("job"));
            }
        }
        return document;
    }
}
