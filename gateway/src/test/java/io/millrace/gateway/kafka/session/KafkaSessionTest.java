package io.millrace.gateway.kafka.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.wire.ApiTable;
import io.millrace.gateway.kafka.wire.EncodedAnswer;
import io.millrace.gateway.kafka.wire.RequestCodec;
import io.millrace.security.Principal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KafkaSessionTest {
    private static final int REQUESTS_MAX = 3;
    private static final SessionLimits LIMITS =
            new SessionLimits(REQUESTS_MAX, 100, Duration.ofSeconds(1));

    private final List<KafkaRequest> requests = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Long> gone = new ArrayList<>();
    private LongConsumer whenGone = gone::add;
    private final FakeOutlet outlet = new FakeOutlet();

    private KafkaSession session(Authentication.Factory authentication) {
        ApiTable table =
                new ApiTable(
                        Set.of(
                                ApiKeys.API_VERSIONS,
                                ApiKeys.METADATA,
                                ApiKeys.SASL_HANDSHAKE,
                                ApiKeys.SASL_AUTHENTICATE),
                        Map.of());
        KafkaService service =
                new KafkaService(
                        new RequestCodec(table),
                        Map.of(
                                ApiKeys.API_VERSIONS,
                                (_, answer) -> answer.send(new ApiVersionsResponseData()),
                                ApiKeys.METADATA,
                                (request, answer) -> {
                                    requests.add(request);
                                    answers.add(answer);
                                }),
                        authentication,
                        LIMITS,
                        new RequestCounters(),
                        whenGone);
        return new KafkaSession(service, outlet, 1, "/127.0.0.1");
    }

    private KafkaSession session() {
        return session(new NoAuthentication(Principal.LOCAL));
    }

    private static byte[] frame(ApiKeys api, int version, int correlation, ApiMessage message) {
        RequestHeader header = new RequestHeader(api, (short) version, "c", correlation);
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, (short) version).buffer();
        return ByteBuffer.allocate(head.remaining() + body.remaining()).put(head).put(body).array();
    }

    private static byte[] metadata(int correlation) {
        return frame(ApiKeys.METADATA, 1, correlation, new MetadataRequestData());
    }

    @Test
    void answersLeaveInTheOrderOfTheRequests() {
        KafkaSession session = session();
        for (int i = 0; i < REQUESTS_MAX; i++) {
            session.receive(metadata(i));
        }
        answers.get(2).send(new MetadataResponseData());
        answers.get(1).send(new MetadataResponseData());
        assertThat(outlet.correlations()).isEmpty();
        answers.get(0).send(new MetadataResponseData());
        assertThat(outlet.correlations()).containsExactly(0, 1, 2);
        assertThat(session.requests()).isZero();
        assertThat(session.memory()).isZero();
    }

    @Test
    void theEndOfTheConnectionIsTold() {
        KafkaSession session = session();
        session.receive(metadata(0));
        assertThat(gone).isEmpty();
        session.gone();
        assertThat(gone).containsExactly(1L);
        assertThat(answers.getFirst().isGone()).isTrue();
        whenGone =
                _ -> {
                    throw new IllegalStateException("for the test");
                };
        assertThatCode(session()::gone).doesNotThrowAnyException();
    }

    @Test
    void whoWantsNoAnswerGetsNoneAndHoldsNobodyUp() {
        KafkaSession session = session();
        session.receive(metadata(0));
        session.receive(metadata(1));
        answers.get(1).send(new MetadataResponseData());
        answers.get(0).none();
        assertThat(outlet.correlations()).containsExactly(1);
    }

    @Test
    void requestsInProgressAreBounded() {
        KafkaSession session = session();
        for (int i = 0; i < REQUESTS_MAX; i++) {
            assertThat(session.isOpenForMore()).isTrue();
            session.receive(metadata(i));
        }
        assertThat(session.isOpenForMore()).isFalse();
        int resumes = outlet.resumes;
        answers.get(0).none();
        assertThat(session.isOpenForMore()).isTrue();
        assertThat(outlet.resumes).isGreaterThan(resumes);
    }

    @Test
    void answersThatNobodyTakesStopTheReading() {
        KafkaSession session = session();
        session.receive(metadata(0));
        answers.get(0).send(new MetadataResponseData().setClusterId("x".repeat(10)));
        assertThat(session.isOpenForMore()).isTrue();
        for (int i = 1; i < 10; i++) {
            session.receive(metadata(i));
            answers.get(i).send(new MetadataResponseData());
        }
        assertThat(session.isOpenForMore()).isFalse();
        outlet.sent.forEach(answer -> session.sent(answer.size()));
        assertThat(session.isOpenForMore()).isTrue();
        assertThat(session.unsentBytes()).isZero();
    }

    @Test
    void aSecondAnswerIsDropped() {
        KafkaSession session = session();
        session.receive(metadata(0));
        answers.get(0).send(new MetadataResponseData());
        answers.get(0).send(new MetadataResponseData());
        answers.get(0).fail(new IllegalStateException());
        assertThat(outlet.correlations()).containsExactly(0);
        assertThat(session.requests()).isZero();
    }

    @Test
    void failuresAreAnswered() {
        KafkaSession session = session();
        session.receive(
                frame(
                        ApiKeys.METADATA,
                        4,
                        9,
                        new MetadataRequestData()
                                .setTopics(
                                        List.of(
                                                new MetadataRequestData.MetadataRequestTopic()
                                                        .setName("a")))));
        answers.get(0).fail(new MillraceException(ErrorCode.FORBIDDEN, "no"));
        MetadataResponseData answer =
                outlet.read(MetadataResponseData.class, 0, ApiKeys.METADATA, 4);
        assertThat(answer.topics())
                .singleElement()
                .satisfies(topic ->
                        assertThat(topic.errorCode())
                                .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
    }

    @Test
    void whatIsNoRequestEndsTheConnection() {
        KafkaSession session = session();
        session.receive(new byte[] {1, 2, 3});
        assertThat(outlet.closed).isNotNull();
        session.receive(metadata(1));
        assertThat(requests).isEmpty();
        assertThat(session.isOpenForMore()).isFalse();
    }

    @Test
    void answersFromOtherThreadsComeByTheLoop() {
        KafkaSession session = session();
        session.receive(metadata(0));
        outlet.onLoop = false;
        answers.get(0).send(new MetadataResponseData());
        assertThat(outlet.correlations()).isEmpty();
        outlet.onLoop = true;
        outlet.run();
        assertThat(outlet.correlations()).containsExactly(0);
    }

    @Test
    void whatIsAnsweredWhenNobodyIsThereIsDropped() {
        KafkaSession session = session();
        session.receive(metadata(0));
        session.gone();
        assertThat(answers.get(0).isGone()).isTrue();
        answers.get(0).send(new MetadataResponseData());
        assertThat(outlet.correlations()).isEmpty();
    }

    @Test
    void nothingIsAnsweredBeforeItIsClearWhoItIs() {
        FakeSasl sasl = new FakeSasl();
        KafkaSession session = session(sasl);
        session.receive(frame(ApiKeys.API_VERSIONS, 0, 1, new ApiVersionsRequestData()));
        assertThat(outlet.correlations()).containsExactly(1);
        session.receive(metadata(2));
        assertThat(outlet.closed).isNotNull();
        assertThat(requests).isEmpty();
    }

    @Test
    void whoHasAuthenticatedItselfIsKnown() {
        FakeSasl sasl = new FakeSasl();
        KafkaSession session = session(sasl);
        session.receive(handshake("NONSENSE"));
        SaslHandshakeResponseData refused =
                outlet.read(SaslHandshakeResponseData.class, 0, ApiKeys.SASL_HANDSHAKE, 1);
        assertThat(refused.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
        assertThat(refused.mechanisms()).containsExactly("PLAIN");
        session.receive(handshake("PLAIN"));
        session.receive(step("anna"));
        assertThat(session.isOpenForMore()).isFalse();
        sasl.finish("anna");
        assertThat(session.isOpenForMore()).isTrue();
        SaslAuthenticateResponseData done =
                outlet.read(SaslAuthenticateResponseData.class, 2, ApiKeys.SASL_AUTHENTICATE, 1);
        assertThat(done.errorCode()).isZero();
        session.receive(metadata(5));
        assertThat(requests)
                .singleElement()
                .satisfies(request ->
                        assertThat(request.peer().principal()).isEqualTo(new Principal("anna")));
    }

    @Test
    void whoFailsToAuthenticateItselfIsToldAndClosed() {
        FakeSasl sasl = new FakeSasl();
        KafkaSession session = session(sasl);
        session.receive(handshake("PLAIN"));
        session.receive(step("anna"));
        sasl.fail();
        SaslAuthenticateResponseData told =
                outlet.read(SaslAuthenticateResponseData.class, 1, ApiKeys.SASL_AUTHENTICATE, 1);
        assertThat(told.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
        assertThat(told.errorMessage()).contains("wrong password");
        assertThat(outlet.closed).isNotNull();
    }

    @Test
    void stepsWithoutAMechanismAreRefused() {
        KafkaSession session = session(new FakeSasl());
        session.receive(step("anna"));
        SaslAuthenticateResponseData told =
                outlet.read(SaslAuthenticateResponseData.class, 0, ApiKeys.SASL_AUTHENTICATE, 1);
        assertThat(told.errorCode()).isEqualTo(Errors.ILLEGAL_SASL_STATE.code());
    }

    private static byte[] handshake(String mechanism) {
        return frame(
                ApiKeys.SASL_HANDSHAKE,
                1,
                3,
                new SaslHandshakeRequestData().setMechanism(mechanism));
    }

    private static byte[] step(String name) {
        return frame(
                ApiKeys.SASL_AUTHENTICATE,
                1,
                4,
                new SaslAuthenticateRequestData()
                        .setAuthBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    private static final class FakeSasl implements Authentication, Authentication.Factory {
        private CompletableFuture<Step> step = new CompletableFuture<>();
        private @Nullable Principal principal;

        @Override
        public @Nullable Principal principal() {
            return principal;
        }

        @Override
        public List<String> mechanisms() {
            return List.of("PLAIN");
        }

        @Override
        public boolean choose(String mechanism) {
            return mechanism.equals("PLAIN");
        }

        @Override
        public CompletableFuture<Step> respond(byte[] response) {
            step = new CompletableFuture<>();
            return step;
        }

        void finish(String name) {
            principal = new Principal(name);
            step.complete(new Step(new byte[0], principal, 0));
        }

        void fail() {
            step.completeExceptionally(
                    new MillraceException(ErrorCode.UNAUTHENTICATED, "wrong password"));
        }

        @Override
        public Authentication begin(String address) {
            return this;
        }

        @Override
        public boolean speaksSasl() {
            return true;
        }
    }

    private static final class FakeOutlet implements Outlet {
        private final List<EncodedAnswer> sent = new ArrayList<>();
        private final Deque<Runnable> actions = new ArrayDeque<>();
        private boolean onLoop = true;
        private int resumes;
        private @Nullable String closed;

        @Override
        public Future<?> execute(Runnable action, long millis) {
            throw new RejectedExecutionException("nothing here waits");
        }

        @Override
        public void send(EncodedAnswer answer) {
            sent.add(answer);
        }

        List<Integer> correlations() {
            return sent.stream().map(answer -> ByteBuffer.wrap(answer.bytes()).getInt(4)).toList();
        }

        <T extends ApiMessage> T read(Class<T> type, int index, ApiKeys api, int version) {
            ByteBuffer bytes = ByteBuffer.wrap(sent.get(index).bytes()).position(8);
            ByteBufferAccessor reader = new ByteBufferAccessor(bytes);
            if (api.responseHeaderVersion((short) version) >= 1) {
                reader.readUnsignedVarint();
            }
            ApiMessage message = api.messageType.newResponse();
            message.read(reader, (short) version);
            return type.cast(message);
        }

        void run() {
            while (!actions.isEmpty()) {
                actions.remove().run();
            }
        }

        @Override
        public void resume() {
            resumes++;
        }

        @Override
        public void close(String reason) {
            closed = reason;
        }

        @Override
        public void execute(Runnable action) {
            actions.add(action);
        }

        @Override
        public boolean isOnLoop() {
            return onLoop;
        }
    }
}
