package io.millrace.cli;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import tools.jackson.databind.JsonNode;

/// Shows what became of settlements.
final class SettlementReport {
    private final Millrace millrace;

    SettlementReport(Millrace millrace) {
        this.millrace = millrace;
    }

    /// Writes every result.
    ///
    /// @param answer as the server gave it
    /// @return the exit code: failed if any was refused
    int all(JsonNode answer) {
        for (JsonNode result : answer.path("results")) {
            if (millrace.asJson()) {
                millrace.print(millrace.json().write(result));
            } else {
                millrace.print(line(result, millrace.surroundings().outStyle()));
            }
        }
        return exitCode(answer);
    }

    /// Writes on standard error what was refused.
    int refusals(JsonNode answer) {
        for (JsonNode result : answer.path("results")) {
            if (!holds(result)) {
                millrace.notice(line(result, millrace.surroundings().errStyle()));
            }
        }
        return exitCode(answer);
    }

    private static int exitCode(JsonNode answer) {
        for (JsonNode result : answer.path("results")) {
            if (!holds(result)) {
                return CommandFailure.FAILED;
            }
        }
        return CommandFailure.OK;
    }

    private static boolean holds(JsonNode result) {
        String outcome = result.path("outcome").asString("");
        return outcome.equals("done") || outcome.equals("dead-lettered");
    }

    private static String line(JsonNode result, Style style) {
        String outcome = Visible.of(result.path("outcome").asString("?"));
        String detail = Visible.of(result.path("detail").asString(""));
        String deadline = Visible.of(result.path("deadline").asString(""));
        return Visible.of(result.path("token").asString("?"))
                + " "
                + (holds(result) ? style.green(outcome) : style.red(outcome))
                + (deadline.isEmpty() ? "" : ", lease until " + deadline)
                + (detail.isEmpty() ? "" : ": " + detail);
    }
}
