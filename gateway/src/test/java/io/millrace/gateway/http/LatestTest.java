package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.log.Retain;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// `GET /latest/{pattern}`.
final class LatestTest extends GatewayTest {
    private void publish(String context, String id, Retain retain) throws Exception {
        CompletableFuture<List<Receipt>> stored = new CompletableFuture<>();
        Event event =
                Event.builder().id(id).source("/s").type("t").data(Bytes.utf8("x" + id)).build();
        broker.publish(
                Principal.LOCAL,
                List.of(new Publication(context, event, retain)),
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        stored.complete(receipts);
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        stored.completeExceptionally(problem);
                    }
                });
        stored.get();
    }

    private static List<String> ids(HttpResponse<String> answer) {
        return answer.body()
                .lines()
                .map(line -> line.replaceAll(".*\"id\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void theNewestOfEachContextOrTheRetained() throws Exception {
        publish("/a/1", "1", Retain.LATEST);
        publish("/a/1", "2", Retain.PASS);
        publish("/a/2", "3", Retain.LATEST);
        publish("/a/2", "4", Retain.CLEAR);
        publish("/b", "5", Retain.LATEST);
        HttpResponse<String> newest = get("/latest/a/**");
        assertThat(newest.statusCode()).isEqualTo(200);
        assertThat(newest.headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(newest.headers().firstValue("cache-control")).contains("no-store");
        assertThat(newest.headers().firstValue("millrace-end")).contains("true");
        assertThat(newest.headers().firstValue("link")).isEmpty();
        assertThat(ids(newest)).containsExactly("2", "4");
        assertThat(newest.body().lines().toList().get(0))
                .contains(",\"retain\":\"pass\",\"event\"");
        assertThat(newest.body().lines().toList().get(1)).contains(",\"retain\":\"clear\",");
        assertThat(ids(get("/latest/a/**?retained=true"))).containsExactly("1");
        assertThat(get("/latest/**?retained").body()).doesNotContain("\"retain\"");
        assertThat(ids(get("/latest/b"))).containsExactly("5");
        assertThat(get("/latest/none").body()).isEmpty();
        HttpResponse<String> array =
                send(request("/latest/none").header("accept", "application/json"));
        assertThat(array.body()).isEqualTo("[]");
        HttpResponse<String> batch =
                send(request("/latest/b").header("accept", "application/cloudevents-batch+json"));
        assertThat(batch.body()).startsWith("[{\"specversion\":\"1.0\",\"id\":\"5\"");
    }

    @Test
    void pagesFollowTheLink() throws Exception {
        publish("/a/ü x", "1", Retain.LATEST);
        publish("/a/üy", "2", Retain.LATEST);
        publish("/a/z", "0", Retain.LATEST);
        HttpResponse<String> first = get("/latest/a/*?limit=2&retained=true");
        assertThat(ids(first)).containsExactly("0", "1");
        assertThat(first.headers().firstValue("millrace-end")).isEmpty();
        String link = first.headers().firstValue("link").orElseThrow();
        assertThat(link)
                .isEqualTo(
                        "</latest/a/*?limit=2&retained=true&after=%2Fa%2F%C3%BC+x>; rel=\"next\"");
        HttpResponse<String> second = get(link.substring(1, link.indexOf('>')));
        assertThat(ids(second)).containsExactly("2");
        assertThat(second.headers().firstValue("millrace-end")).contains("true");
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        assertThat(get("/latest/a/**/b").body()).contains("invalid-pattern");
        assertThat(get("/latest/a%2Fb").body()).contains("invalid-pattern");
        assertThat(get("/latest/a?retained=yes").body()).contains("\"field\":\"retained\"");
        assertThat(get("/latest/a?limit=10001").body()).contains("\"field\":\"limit\"");
        assertThat(get("/latest/a?after=b").body()).contains("\"field\":\"after\"");
        assertThat(get("/latest/a?max=1").body()).contains("retained, limit, after");
        assertThat(get("/latest/a?max=1").statusCode()).isEqualTo(400);
        assertThat(send(request("/latest/a").header("accept", "text/html")).statusCode())
                .isEqualTo(406);
    }

    @Test
    void theTreeSaysWhatOnlyPassedBy() throws Exception {
        publish("/a", "1", Retain.LATEST);
        assertThat(get("/api/v1/contexts").body()).doesNotContain("\"retain\"");
        publish("/a", "2", Retain.PASS);
        assertThat(get("/api/v1/contexts").body()).contains("\"retain\":\"pass\"");
    }
}
