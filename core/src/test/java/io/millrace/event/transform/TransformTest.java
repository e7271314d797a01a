package io.millrace.event.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransformTest {
    private static final Context ROOM = Context.of("/building/41/room/4");
    private static final String DATA =
            """
            {"t": 21.50, "big": 9007199254740993, "huge": 123456789012345678901234567890,
             "fee": 0.1000, "fine": 0.12345678901234567890, "e": 1e2, "none": null,
             "list": [1, 2, 3], "name": "Zoë \\"x\\" \\ud83d\\ude00", "ok": true}\
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # expression for data             | data
                    data.t                            | 21.50
                    data.t * 2                        | 43
                    data.big                          | 9007199254740993
                    data.huge                         | 123456789012345678901234567890
                    data.fee                          | 0.1000
                    data.fine                         | 0.12345678901234567890
                    data.fee = 0.1                    | true
                    data.fee + 1                      | 1.1
                    data.e                            | 1e2
                    data.e / 8                        | 12.5
                    $string(data.big)                 | "9007199254740993"
                    {"n": data.none}                  | {"n":null}
                    data.none                         | null
                    null                              | null
                    data.list                         | [1,2,3]
                    [data.list[$ > 1]]                | [2,3]
                    $sum(data.list)                   | 6
                    data.name                         | "Zoë \\"x\\" 😀"
                    context                           | "/building/41/room/4"
                    $attributes.context               | "mine"
                    $keys($attributes)[0]             | "specversion"
                    level                             | 7
                    urgent                            | true
                    time                              | "2026-03-01T12:00:00.500Z"
                    $replace("a-b-c", "-", "+")       | "a+b+c"
                    $replace("a-b-c", "-", "+", 1)    | "a+b-c"
                    $replace("a.b", ".", "$1")        | "a$1b"
                    $replace("John Smith", /(\\w+) (\\w+)/, "$2, $1 $$ $9") | "Smith, John $ "
                    $replace("1 2", /\\d/, function($m) { "<" & $m.match & ">" }) | "<1> <2>"
                    $match("ab12cd3", /[0-9]+/).match | ["12","3"]
                    $match("ab12", /([a-z])([0-9])/)  | {"match":"b1","index":1,"groups":["b","1"]}
                    $split("a, b,c", /,\\s*/)         | ["a","b","c"]
                    $split("a.b.c", ".", 2)           | ["a","b"]
                    $contains("abc", /B/i)            | true
                    /(\\d+)-(\\d+)/("a 12-34 5-6").groups | ["12","34"]
                    (/\\d+/("a 12 56").next()).match | "56"
                    ($r := /b/i; $r("aB").start)      | 1
                    ["aB" ~> /b/i].end                | 2
                    $filter(["ab", "cd"], /^a/)       | "ab"
                    `$match("12:00:00+01:00", /^(?:\\d{2}:){2}\\d{2}(Z|[+-]\\d{2}:\\d{2})$/).groups[0]` | "+01:00"
                    $match("a@b.example", /^[\\w.+-]+@([\\w-]+\\.)+[a-z]{2,}$/).index | 0
                    `$replace(" x, y ", /^\\s+|\\s*(,)\\s*|\\s+$/, "$1")` | "x,y"
                    `$contains("a/b", /[/]b|\\/c/)` | true
                    $contains("()", /[(]\\)(?=$)/)  | true
                    $count(data.list) / 3 / 2         | 0.5
                    data.list[0] / 2 /* half / */ / 1 | 0.5
                    {"and": 4}.and / 2 and /x/("x").match = "x" | true
                    {"a": 4}.* / 2 / 1                | 2
                    "/" & '/' & "\\"/" | "//\\"/"
                    $string([1, [2]], true)           | "[\\u000a  1,\\u000a  [\\u000a    2\\u000a  ]\\u000a]"
                    $append([1], 2)                   | [1,2]
                    $reduce([[1], [2, 3]], $append)   | [1,2,3]
                    $join(["a", "b"], "-")            | "a-b"
                    $pad("x", -3, "01")               | "01x"
                    $pad("x", 3)                      | "x  "
                    $uppercase("x") & 1               | "X1"
                    $sort(data.list, function($a, $b) { $a < $b }) | [3,2,1]
                    ($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10)) | 3628800
                    """)
    void givesData(String expression, String data) {
        Event event = event("{\"data\": " + expression + "}", original());
        assertThat(Objects.requireNonNull(event.data()).toUtf8()).isEqualTo(data);
        assertThat(event.dataContentType()).isEqualTo("application/json");
    }

    @Test
    void takesWhatIsMissingFromTheOriginal() {
        Event event = event("{\"subject\": 'here'}", original());
        assertThat(event.source()).isEqualTo("/sensors/1");
        assertThat(event.type()).isEqualTo("reading");
        assertThat(event.subject()).isEqualTo("here");
        assertThat(event.time()).isNull();
        assertThat(event.data()).isNull();
        assertThat(event.dataContentType()).isNull();
        assertThat(event.extensions().keySet()).containsExactly("causationid", "correlationid");
        assertThat(event.extensions().values())
                .allSatisfy(value -> assertThat(value.canonical()).isEqualTo("17"));
    }

    @Test
    void mergingKeepsEverythingWithItsType() {
        Event event = event("$merge([$, {\"type\": 'alarm'}])", original());
        assertThat(event.type()).isEqualTo("alarm");
        assertThat(event.time()).isEqualTo(original().time());
        assertThat(event.extensions())
                .containsEntry("level", new IntegerValue(7))
                .containsEntry("urgent", new BooleanValue(true))
                .containsEntry(
                        "seen", new TimestampValue(Timestamp.parse("seen", "2026-03-01T12:00:00Z")))
                .doesNotContainKey("context");
        assertThat(Objects.requireNonNull(event.data()).toUtf8())
                .contains("\"t\":21.50", "\"big\":9007199254740993", "\"none\":null");
    }

    @Test
    void theIdIsDerivedFromTheOriginalAndTheExpression() {
        String expression = "{\"type\": 'alarm'}";
        String id = event(expression, original()).id();
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(event(expression, original()).id()).isEqualTo(id);
        assertThat(event("{\"type\": 'other'}", original()).id()).isNotEqualTo(id);
        assertThat(event("$merge([$, {\"type\": 'alarm'}])", original()).id()).isNotEqualTo("17");
        Event other = Event.builder().id("18").source("/sensors/1").type("reading").build();
        assertThat(event(expression, other).id()).isNotEqualTo(id);
        assertThat(event("{\"id\": id & '-a'}", original()).id()).isEqualTo("17-a");
    }

    @Test
    void causeAndCorrelationCannotBeForged() {
        Event caused =
                Event.builder()
                        .id("2")
                        .source("/a")
                        .type("t")
                        .extension("causationid", "1")
                        .extension("correlationid", "0")
                        .build();
        String forging = "{\"causationid\": 'x', \"correlationid\": 'y'}";
        assertThat(event(forging, caused).extensions().toString())
                .contains("causationid=StringValue[value=2]")
                .contains("correlationid=StringValue[value=0]");
        assertThat(event(forging, original()).extensions().toString())
                .contains("causationid=StringValue[value=17]")
                .contains("correlationid=StringValue[value=y]");
    }

    @Test
    void dataMayBeTextOrBytesOrAbsent() {
        Event text = with("text/plain; charset=utf-8", Bytes.utf8("héllo"));
        assertThat(event("$merge([$, {\"data\": $uppercase(data)}])", text).data())
                .isEqualTo(Bytes.utf8("HÉLLO"));
        Bytes noise = Bytes.wrap(new byte[] {0, (byte) 0xFF, 7});
        for (Event binary :
                List.of(with("image/png", noise), with("text/plain", noise), with(null, noise))) {
            assertThat(event("$", binary).data()).isEqualTo(noise);
            assertThat(event("$", binary).dataContentType()).isEqualTo(binary.dataContentType());
        }
        assertThat(event("$", with(null, null)).data()).isNull();
        assertThat(
                        event("$exists(data) ? {\"type\": 'y'} : {\"type\": 'n'}", with(null, null))
                                .type())
                .isEqualTo("n");
        assertThat(
                        event(
                                        "{\"data\": data, \"datacontenttype\": 'text/x'}",
                                        with("application/json", Bytes.utf8("\"a\"")))
                                .data())
                .isEqualTo(Bytes.utf8("a"));
        assertThat(problems("$", with("application/json", Bytes.utf8("{\"a\":"))))
                .startsWith("data: is not JSON at byte");
        assertThat(problems("$", with("application/json", Bytes.EMPTY)))
                .isEqualTo("data: the data is empty, which is no JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    data.missing                     | transform: the expression gave nothing; it must give an event
                    42                               | transform: the expression must give one event, an object
                    [$, $]                           | transform: the expression must give one event, an object
                    {"type": 1, "Bad": "y"}          | type: must be text; Bad: an attribute's name has
                    {"x": 1.5}                       | x: must be text, true, false, or a whole number of 32 bits
                    {"x": [1]}                       | x: must be text, true, false, or a whole number of 32 bits
                    {"type": ""}                     | type: must not be empty
                    {"specversion": "0.3"}           | specversion: must be "1.0", but is "0.3"
                    {"id": 5}                        | id: must be text
                    {"data": 1, "data_base64": "AA=="} | data: must not be there together with data_base64
                    {"data_base64": "?"}             | data_base64: must be Base64 (RFC 4648, section 4)
                    {"data": 1, "datacontenttype": "text/x"} | data: must be text, because datacontenttype is not
                    {"data": function($x) { $x }}    | data: the result holds a function, which is no JSON
                    """)
    void saysWhatIsWrongWithTheResult(String expression, String problems) {
        assertThat(problems(expression, original())).startsWith(problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    data.big + 1        | the number 9007199254740993 has more digits than can be computed with
                    data.big > 1        | the number 9007199254740993 has more digits than can be computed with
                    $sum([data.huge])   | the number 123456789012345678901234567890 has more digits
                    data.fine * 2       | the number 0.12345678901234567890 has more digits
                    9007199254740991 + 1| the number 9007199254740992 is too large to be exact
                    9007199254740993    | is too large to be exact
                    $now()              | $now cannot be used here, because an event that is delivered again must become
                    $random()           | $random cannot be used here
                    $eval("1")          | $eval cannot be used here, because the expression is checked before it runs
                    $error("own words") | own words
                    data.name + 1       | The left side of the
                    $nope()             | at character
                    1 / 0               | Number out of range
                    """)
    void saysWhatFailed(String expression, String problem) {
        assertThat(problems("{\"data\": " + expression + "}", original())).contains(problem);
    }

    @Test
    void malformedExpressionsAreRefusedWithTheirPosition() {
        assertThat(refused("{\"type\": }")).contains("at character ");
        assertThat(refused("{\"type\": 'a'")).contains("at character ");
        assertThat(refused("data.(")).isNotEmpty();
        assertThat(refused("/a(/")).isNotEmpty();
        assertThat(refused("'open")).contains("at character ");
        assertThat(refused("  ")).contains("must have 1 to 32768 characters");
        assertThat(refused("a".repeat(40_000))).contains("must have 1 to 32768 characters");
        assertThat(refused("(".repeat(30_000))).isNotEmpty();
    }

    @Test
    void previewsShowWhatLiesBetween() {
        Transform transform = Transform.of("{\"type\": type & '!', \"time\": 1}");
        Event event = Event.builder().id("1").source("/a").type("t").build();
        TransformPreview preview = transform.preview(event, ROOM);
        assertThat(preview.input())
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"t\","
                                + "\"context\":\"/building/41/room/4\"}");
        assertThat(preview.output()).isEqualTo("{\"type\":\"t!\",\"time\":1}");
        assertThat(preview.result()).isEqualTo(transform.apply(event, ROOM));
        TransformPreview failing = Transform.of("$error('x')").preview(event, ROOM);
        assertThat(failing.input()).isNotNull();
        assertThat(failing.output()).isNull();
    }

    @Test
    void manyThreadsMayUseOneTransform() throws InterruptedException, ExecutionException {
        Transform transform =
                Transform.of(
                        """
                        ($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) };
                         {"subject": $join($map([1..20], function($i) { $string($f($i)) & id })),
                          "data": {"own": id, "n": $f(30)}})
                        """);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> work =
                    IntStream.range(0, 8)
                            .<Callable<Integer>>mapToObj(n -> () -> run(transform, n))
                            .toList();
            for (Future<Integer> done : threads.invokeAll(work)) {
                assertThat(done.get()).isEqualTo(300);
            }
        }
    }

    private static int run(Transform transform, int thread) {
        int right = 0;
        for (int i = 0; i < 300; i++) {
            String id = thread + "x" + i;
            Event event = Event.builder().id(id).source("/a").type("t").build();
            if (transform.apply(event, ROOM) instanceof TransformResult.Transformed(Event made)) {
                StringBuilder subject = new StringBuilder();
                for (int n = 1; n <= 20; n++) {
                    subject.append(n).append(id);
                }
                Bytes data = Bytes.utf8("{\"own\":\"%s\",\"n\":30}".formatted(id));
                boolean same =
                        subject.toString().equals(made.subject())
                                && Objects.equals(data, made.data());
                right += same ? 1 : 0;
            }
        }
        return right;
    }

    private static Event original() {
        return Event.builder()
                .id("17")
                .source("/sensors/1")
                .type("reading")
                .time(Timestamp.parse("time", "2026-03-01T12:00:00.500Z"))
                .dataContentType("application/json")
                .extension("level", new IntegerValue(7))
                .extension("urgent", new BooleanValue(true))
                .extension("context", "mine")
                .extension(
                        "seen", new TimestampValue(Timestamp.parse("seen", "2026-03-01T12:00:00Z")))
                .data(Bytes.utf8(DATA))
                .build();
    }

    private static Event with(@Nullable String contentType, @Nullable Bytes data) {
        return Event.builder()
                .id("1")
                .source("/a")
                .type("t")
                .dataContentType(contentType)
                .data(data)
                .build();
    }

    private static Event event(String expression, Event original) {
        TransformResult result = Transform.of(expression).apply(original, ROOM);
        assertThat(result).as(expression).isInstanceOf(TransformResult.Transformed.class);
        return ((TransformResult.Transformed) result).event();
    }

    /// Without haste: on a busy machine steps shall end a run, not the time.
    static String problems(String expression, Event original) {
        TransformLimits limits = TransformLimits.DEFAULT;
        TransformLimits patient =
                new TransformLimits(
                        limits.stepsMax(), limits.depthMax(), limits.sizeMax(), 600_000);
        TransformResult result = Transform.of(expression, patient).apply(original, ROOM);
        assertThat(result).as(expression).isInstanceOf(TransformResult.Failed.class);
        List<Problem> problems = ((TransformResult.Failed) result).problems();
        return String.join("; ", problems.stream().map(Problem::toString).toList());
    }

    private static String refused(String expression) {
        MillraceException refusal =
                catchThrowableOfType(MillraceException.class, () -> Transform.of(expression));
        assertThat(refusal).as(expression).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.TRANSFORM_INVALID);
        return String.valueOf(refusal.getMessage());
    }
}
