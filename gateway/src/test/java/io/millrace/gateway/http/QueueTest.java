package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/// Queues: jobs put in, looked at and taken back.
final class QueueTest extends GatewayTest {
    private static String job(String id) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"t\",\"priority\":7}"
                .formatted(id);
    }

    private HttpResponse<String> enqueue(String type, String body)
            throws IOException, InterruptedException {
        return send(
                request("/queues/known")
                        .header("content-type", type)
                        .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> batch(String... ids) throws IOException, InterruptedException {
        StringBuilder jobs = new StringBuilder();
        for (String id : ids) {
            jobs.append(jobs.isEmpty() ? "[" : ",").append(job(id));
        }
        return enqueue("application/cloudevents-batch+json", jobs + "]");
    }

    @Test
    void jobsComeInAllThreeModes() throws Exception {
        HttpResponse<String> binary = publish("/queues/known", "1", "{\"n\": 1.0}");
        assertThat(binary.statusCode()).isEqualTo(201);
        assertThat(binary.body())
                .isEqualTo("{\"jobs\":[{\"number\":\"4-0\",\"duplicate\":false}]}");
        assertThat(enqueue("application/cloudevents+json", job("2")).statusCode()).isEqualTo(201);
        assertThat(batch("3", "twice", "long-ago", "4").body())
                .isEqualTo(
                        """
                        {"jobs":[{"number":"4-2","duplicate":false},{"number":"4-0","duplicate":true},\
                        {"duplicate":true},{"number":"4-3","duplicate":false}]}\
                        """);
        assertThat(batch("twice").statusCode()).isEqualTo(200);
        assertThat(broker.queues.jobs).extracting("id").containsExactly("1", "2", "3", "4");
        assertThat(broker.queues.jobs.getFirst().data()).isEqualTo(Bytes.utf8("{\"n\": 1.0}"));
        assertThat(broker.queues.jobs.get(1).extensions()).containsOnlyKeys("priority");
    }

    @Test
    void jobsThatCannotBe() throws Exception {
        assertThat(summary(batch("1", "", "3"))).isEqualTo("400 invalid-event [1].id");
        assertThat(summary(enqueue("application/cloudevents-batch+json", "[]")))
                .isEqualTo("400 invalid-request");
        assertThat(summary(enqueue("application/cloudevents+avro", "x")))
                .isEqualTo("415 unsupported-media-type content-type");
        assertThat(summary(enqueue("text/plain", "x")))
                .startsWith("400")
                .contains("id")
                .contains("source");
        assertThat(summary(publish("/queues/known?context=/a", "1", "1")))
                .isEqualTo("400 invalid-request context");
        assertThat(summary(publish("/queues/other", "1", "1")))
                .isEqualTo("404 queue-not-found name");
        assertThat(summary(publish("/queues/known", "1", "x".repeat((1 << 20) + 1))))
                .isEqualTo("413 body-too-large");
        assertThat(
                        summary(
                                enqueue(
                                        "application/cloudevents-batch+json",
                                        "[" + " ".repeat(8 << 20))))
                .isEqualTo("413 batch-too-large");
        assertThat(broker.queues.jobs).isEmpty();
    }

    @Test
    void jobsAreShownWithoutBeingTaken() throws Exception {
        for (int i = 0; i < 120; i++) {
            publish("/queues/known", "e" + i, "1");
        }
        assertThat(get("/queues/known/jobs?max=1").body())
                .isEqualTo(
                        """
                        {"jobs":[{"number":"4-0","state":"scheduled","until":"2026-03-01T12:00:00.123Z","deliveries":1,\
                        "failures":0,"recordedtime":"2026-03-01T12:00:00.123Z","event":{"specversion":"1.0","id":"e0",\
                        "source":"/sensors/7","type":"reading","datacontenttype":"application/json","data":1}}]}\
                        """);
        assertThat(get("/queues/known/jobs").body().split("\"number\"")).hasSize(101);
        assertThat(get("/queues/known/jobs?after=4-110").body())
                .startsWith("{\"jobs\":[{\"number\":\"4-111\",\"state\":\"ready\",\"deliveries\"")
                .endsWith("}]}");
        assertThat(summary(get("/queues/known/jobs?after=x")))
                .isEqualTo("400 invalid-request after");
        assertThat(summary(get("/queues/known/jobs?max=1001")))
                .isEqualTo("400 invalid-request max");
        assertThat(summary(get("/queues/other/jobs"))).isEqualTo("404 queue-not-found name");
    }

    @Test
    void longListsOfJobsEndEarly() throws Exception {
        String data = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < 20; i++) {
            publish("/queues/known", "e" + i, data);
        }
        assertThat(get("/queues/known/jobs").body().split("\"number\"")).hasSize(18);
    }

    @Test
    void deferredJobsAreFetchedByNumber() throws Exception {
        String path = "/queues/known/deferred";
        assertThat(post(path + "?lease=5s", "{\"numbers\":[\"4-17\",\"9-0\"]}").body())
                .startsWith("{\"leases\":[{\"token\":\"t\"")
                .contains("\"number\":\"4-17\"");
        assertThat(broker.groups.calls).containsExactly("deferred [4-17, 9-0] PT5S");
        assertThat(summary(post(path, "{\"numbers\":[\"4-17\",\"417\",4,\"4-\",\"44-1\"]}")))
                .isEqualTo("400 invalid-request numbers[1] numbers[2] numbers[3] numbers[4]");
        assertThat(summary(post(path, "{}"))).isEqualTo("400 invalid-request numbers");
        assertThat(summary(post(path + "?lease=x", "{\"numbers\":[]}")))
                .isEqualTo("400 invalid-request lease");
    }

    @Test
    void cancelPurgePauseResume() throws Exception {
        assertThat(summary(send(request("/queues/known/jobs/4-17").DELETE()))).isEqualTo("204");
        assertThat(summary(send(request("/queues/known/jobs/4-99").DELETE())))
                .isEqualTo("404 not-found number");
        assertThat(summary(send(request("/queues/known/jobs/x").DELETE())))
                .isEqualTo("400 invalid-request number");
        assertThat(post("/queues/known/purge").body()).isEqualTo("{\"purged\":12}");
        assertThat(post("/queues/known/pause").statusCode()).isEqualTo(204);
        assertThat(post("/queues/known/resume").statusCode()).isEqualTo(204);
        assertThat(broker.groups.calls).containsExactly("cancel 4-17", "pause", "resume");
        for (String verb : new String[] {"purge", "pause", "resume"}) {
            assertThat(summary(post("/queues/other/" + verb)))
                    .isEqualTo("404 queue-not-found name");
        }
    }

    @Test
    void groupsHaveStates() throws Exception {
        String path = "/queues/known/groups/a%2Fb%20c/state";
        byte[] state = new byte[256 << 10];
        state[7] = (byte) 0xFF;
        assertThat(summary(get(path))).isEqualTo("404 not-found group");
        assertThat(send(request(path).PUT(BodyPublishers.ofByteArray(state))).statusCode())
                .isEqualTo(204);
        assertThat(broker.queues.states).containsOnlyKeys("a/b c");
        HttpResponse<byte[]> answer = http.send(request(path).build(), BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("content-type"))
                .contains("application/octet-stream");
        assertThat(answer.body()).isEqualTo(state);
        assertThat(
                        summary(
                                send(
                                        request(path)
                                                .PUT(
                                                        BodyPublishers.ofByteArray(
                                                                new byte[(256 << 10) + 1])))))
                .isEqualTo("413 body-too-large");
        assertThat(send(request(path).DELETE()).statusCode()).isEqualTo(204);
        assertThat(broker.queues.states).isEmpty();
        assertThat(summary(get("/queues/other/groups/g/state")))
                .isEqualTo("404 queue-not-found name");
    }
}
