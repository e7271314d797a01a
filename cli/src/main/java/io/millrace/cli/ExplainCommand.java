package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.ExplanationTree;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.input.DataArgument;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import io.millrace.event.Context;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace explain`: why a subscription delivers an event, or does not.
@Command(
        name = "explain",
        description = {
            "Says which clauses of a subscription an event meets, and which one it fails.",
            "Of a stored event it also says what has become of it."
        },
        footer = {
            "  millrace explain alarms --position events/0/17",
            "  millrace explain alarms --event event.json --context /org/contoso/room/4",
        })
final class ExplainCommand implements Callable<Integer> {
    private static final Pattern POSITION = Pattern.compile("([^/]+)/([0-9]{1,9})/([0-9]{1,18})");

    private final Millrace millrace;

    @Parameters(paramLabel = "SUBSCRIPTION", description = "Whose interest is asked.")
    private String name = "";

    @Option(
            names = "--event",
            paramLabel = "FILE|-",
            description = "An event in CloudEvents JSON; it is not published.")
    private @Nullable String event;

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "With --event: where it would belong. Default: its source.")
    private @Nullable String context;

    @Option(
            names = "--position",
            paramLabel = "STREAM/PARTITION/OFFSET",
            description = "A stored event, as 'read --output json' tells where it is.")
    private @Nullable String position;

    ExplainCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException {
        boolean asJson = millrace.asJson();
        JsonNode answer;
        try (Api api = millrace.api()) {
            answer = api.send(request(api)).json(millrace.json());
        }
        if (asJson) {
            millrace.print(millrace.json().write(answer));
        } else {
            show(answer);
        }
        return CommandFailure.OK;
    }

    private HttpRequest request(Api api) throws IOException {
        String path = new Consumed(Consumed.Kind.SUBSCRIPTION, name).path("explain");
        if ((event == null) == (position == null)) {
            throw CommandFailure.usage(
                    "Which event? Give --event FILE or --position, one of them.");
        }
        if (event == null) {
            if (context != null) {
                throw CommandFailure.usage("--context goes with --event; a stored event has one.");
            }
            return api.request(path)
                    .header("Content-Type", "application/json")
                    .POST(
                            BodyPublishers.ofString(
                                    millrace.json().write(position(String.valueOf(position)))))
                    .build();
        }
        String query =
                context == null ? "" : "?context=" + Encoding.parameter(Context.of(context).path());
        byte[] bytes =
                DataArgument.read(event.equals("-") ? event : "@" + event, millrace.surroundings());
        if (millrace.json().parse(bytes).isEmpty()) {
            throw CommandFailure.failed(event + " is not an event in CloudEvents JSON.");
        }
        return api.request(path + query)
                .header("Content-Type", "application/cloudevents+json")
                .POST(BodyPublishers.ofByteArray(bytes))
                .build();
    }

    private ObjectNode position(String text) {
        Matcher matcher = POSITION.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage(
                    "--position: \"%s\" is no position such as events/0/17.".formatted(text));
        }
        ObjectNode body = millrace.json().object();
        body.putObject("position")
                .put("stream", matcher.group(1))
                .put("partition", Integer.parseInt(matcher.group(2)))
                .put("offset", Long.parseLong(matcher.group(3)));
        return body;
    }

    private void show(JsonNode answer) {
        Style style = millrace.surroundings().outStyle();
        boolean wanted = answer.path("wanted").asBoolean(false);
        String verdict =
                wanted
                        ? style.green("Subscription %s wants it.".formatted(Visible.of(name)))
                        : style.red(
                                "Subscription %s does not want it.".formatted(Visible.of(name)));
        String state = Visible.of(answer.path("state").asString(""));
        millrace.print(state.isEmpty() ? verdict : verdict + " " + state);
        new ExplanationTree(style).lines(answer.path("why")).forEach(millrace::print);
    }
}
