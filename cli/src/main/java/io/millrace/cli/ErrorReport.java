package io.millrace.cli;

import io.millrace.cli.http.ServerProblem;
import io.millrace.cli.http.Unreachable;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows failures on standard error and knows their exit codes. With `--output json` it writes
/// problem documents (RFC 9457), whoever found the problem.
final class ErrorReport {
    private final PrintStream err;
    private final Style style;
    private final boolean asJson;
    private final Json json;

    ErrorReport(Surroundings surroundings, OutputFormat output, Json json) {
        this.err = surroundings.console().err();
        this.style = surroundings.errStyle();
        this.asJson = output == OutputFormat.JSON;
        this.json = json;
    }

    /// Writes the failure and returns the exit code.
    int report(Exception failure) {
        return switch (failure) {
            case ServerProblem problem -> {
                show(problem.document(), "HTTP " + problem.status());
                yield CommandFailure.FAILED;
            }
            case MillraceException e -> {
                show(document(e), e.code().slug());
                yield CommandFailure.FAILED;
            }
            case Unreachable e -> {
                unreachable(e);
                yield CommandFailure.UNREACHABLE;
            }
            case CommandFailure e -> {
                message(e.text());
                yield e.exitCode();
            }
            case java.nio.file.NoSuchFileException e -> {
                message("There is no file " + e.getFile() + ".");
                yield CommandFailure.FAILED;
            }
            case java.nio.file.AccessDeniedException e -> {
                message("The file " + e.getFile() + " may not be read or written.");
                yield CommandFailure.FAILED;
            }
            case java.io.IOException e -> {
                message(e.getClass().getSimpleName() + ": " + e.getMessage());
                yield CommandFailure.FAILED;
            }
            default -> {
                message("A fault in the command; please report it with what follows.");
                failure.printStackTrace(err);
                yield CommandFailure.FAILED;
            }
        };
    }

    /// Writes a server's problem document.
    ///
    /// @param origin who says so, such as `HTTP 400`
    void show(JsonNode document, String origin) {
        if (asJson) {
            err.println(json.write(document));
            return;
        }
        String title = Visible.of(document.path("title").asString("The server has a problem"));
        JsonNode code = document.path("code");
        String tail = code.isNumber() ? origin + ", code " + code.asString() : origin;
        err.println(style.red("millrace: ") + title + style.dim(" (" + tail + ")"));
        details(document).forEach(line -> err.println("  " + line));
    }

    /// Everything that is wrong. The document's own detail repeats the first of the errors as a
    /// rule; then it is not shown twice.
    private List<String> details(JsonNode document) {
        List<String> lines = new ArrayList<>();
        for (JsonNode error : document.path("errors")) {
            String field = Visible.of(error.path("field").asString(""));
            String detail = Visible.of(error.path("detail").asString(""));
            lines.add(field.isEmpty() ? detail : style.bold(field) + ": " + detail);
        }
        String detail = Visible.of(document.path("detail").asString(""));
        boolean repeated = false;
        for (JsonNode error : document.path("errors")) {
            String field = error.path("field").asString("");
            String one = error.path("detail").asString("");
            repeated |= detail.equals(Visible.of(one));
            repeated |= detail.equals(Visible.of(field + ": " + one));
        }
        if (!detail.isEmpty() && !repeated) {
            lines.addFirst(detail);
        }
        return lines;
    }

    private void unreachable(Unreachable e) {
        String detail =
                "%s. Start a server with 'millrace serve', or name another with --server or MILLRACE_SERVER."
                        .formatted(e.reason());
        if (asJson) {
            ObjectNode document = json.object();
            document.put("type", "about:blank").put("title", e.getMessage()).put("detail", detail);
            err.println(json.write(document));
        } else {
            message(e.getMessage() + ": " + detail);
        }
    }

    private void message(String text) {
        if (asJson) {
            ObjectNode document = json.object();
            document.put("type", "about:blank").put("title", "The command failed");
            err.println(json.write(document.put("detail", text)));
        } else {
            err.println(style.red("millrace: ") + Visible.of(text));
        }
    }

    /// A problem that was found on this side, in the form in which the server would send it.
    private ObjectNode document(MillraceException e) {
        ObjectNode document = json.object();
        document.put("type", "https://millrace.dev/problems/" + e.code().slug());
        document.put("title", e.code().title()).put("code", e.code().number());
        document.put("detail", e.problems().getFirst().toString());
        ArrayNode errors = document.putArray("errors");
        for (Problem problem : e.problems()) {
            ObjectNode error = errors.addObject().put("code", problem.code().number());
            if (problem.field() != null) {
                error.put("field", problem.field());
            }
            error.put("detail", problem.detail());
        }
        return document;
    }
}
