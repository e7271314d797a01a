package io.millrace.gateway.kafka.wire;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/// Requests from bytes, answers to bytes. Thread-safe.
public final class RequestCodec {
    /// Fields in a request. The largest requests of real clients name some ten thousand partitions,
    /// with less than ten fields each.
    static final int FIELDS_MAX = 200_000;

    /// Fields in a request whose parts are kept in Kafka's own hash tables. Parts with equal hashes
    /// are found by looking at all of them, so that a few hundred thousand would keep an event loop
    /// busy for minutes.
    static final int HASHED_FIELDS_MAX = 40_000;

    /// The requests, or answers with something of each part of the request, that are kept so.
    static final Set<ApiKeys> HASHED =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            ApiKeys.PRODUCE,
                            ApiKeys.METADATA,
                            ApiKeys.JOIN_GROUP,
                            ApiKeys.CREATE_TOPICS,
                            ApiKeys.CREATE_PARTITIONS,
                            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                            ApiKeys.ADD_PARTITIONS_TO_TXN,
                            ApiKeys.ALTER_CONFIGS,
                            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                            ApiKeys.OFFSET_DELETE,
                            ApiKeys.DELETE_TOPICS,
                            ApiKeys.DELETE_RECORDS,
                            ApiKeys.DELETE_GROUPS,
                            ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                            ApiKeys.SHARE_FETCH,
                            ApiKeys.SHARE_ACKNOWLEDGE,
                            ApiKeys.DESCRIBE_PRODUCERS,
                            ApiKeys.DESCRIBE_LOG_DIRS,
                            ApiKeys.ALTER_REPLICA_LOG_DIRS,
                            ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                            ApiKeys.ELECT_LEADERS,
                            ApiKeys.ADD_RAFT_VOTER,
                            ApiKeys.UPDATE_FEATURES));

    /// About what a field costs as a part of an object.
    private static final int FIELD_BYTES = 32;

    private static final int KEY_AND_VERSION_BYTES = 4;
    private static final int LENGTH_BYTES = 4;
    private static final int CORRELATION_BYTES = 4;

    private final ApiTable apis;

    public RequestCodec(ApiTable apis) {
        this.apis = apis;
    }

    /// What clients are told about the requests that are understood.
    public ApiVersionCollection advertised() {
        return apis.advertised();
    }

    /// @param frame without its length; the request's own from now on
    /// @throws MalformedRequestException if it cannot be answered
    public Request decode(byte[] frame) throws MalformedRequestException {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        if (frame.length < KEY_AND_VERSION_BYTES + CORRELATION_BYTES) {
            throw new MalformedRequestException("a request of " + frame.length + " bytes");
        }
        short key = buffer.getShort(0);
        short version = buffer.getShort(2);
        ApiKeys api = apis.find(key);
        if (api == null) {
            throw new MalformedRequestException("a request with the API key " + key);
        }
        if (!apis.knows(api, version)) {
            return unknown(api, version, frame);
        }
        try {
            return decode(api, version, frame);
        } catch (RuntimeException e) {
            throw new MalformedRequestException(
                    "a request (%s, version %d) that cannot be read: %s"
                            .formatted(api.name, version, e));
        }
    }

    /// Clients begin with the newest ApiVersions that they know and go down from there; nothing
    /// else has an answer.
    private static Request unknown(ApiKeys api, short version, byte[] frame)
            throws MalformedRequestException {
        if (api != ApiKeys.API_VERSIONS) {
            throw new MalformedRequestException(
                    "a request (%s) of version %d, which is not supported"
                            .formatted(api.name, version));
        }
        int correlation = ByteBuffer.wrap(frame).getInt(KEY_AND_VERSION_BYTES);
        return new Request(api, (short) 0, correlation, null, null, frame, frame.length);
    }

    private static Request decode(ApiKeys api, short version, byte[] frame) {
        int fieldsMax = HASHED.contains(api) ? HASHED_FIELDS_MAX : FIELDS_MAX;
        CountingReader reader = new CountingReader(ByteBuffer.wrap(frame), fieldsMax);
        RequestHeaderData header = new RequestHeaderData(reader, api.requestHeaderVersion(version));
        ApiMessage message = api.messageType.newRequest();
        message.read(reader, version);
        return new Request(
                api,
                version,
                header.correlationId(),
                header.clientId(),
                message,
                frame,
                frame.length + (long) FIELD_BYTES * reader.fields());
    }

    /// The answer of an API to a request of its that failed as a whole.
    ///
    /// @return `null` if there is none
    public @Nullable ApiMessage failure(Request request, Throwable problem) {
        ByteBufferAccessor reader = new ByteBufferAccessor(ByteBuffer.wrap(request.frame()));
        short headerVersion = request.api().requestHeaderVersion(request.version());
        var _ = new RequestHeaderData(reader, headerVersion);
        AbstractRequest whole =
                AbstractRequest.parseRequest(request.api(), request.version(), reader).request;
        AbstractResponse response = whole.getErrorResponse(0, KafkaErrors.exception(problem));
        return response == null ? null : response.data();
    }

    /// @param request that is answered
    public EncodedAnswer encode(Request request, ApiMessage answer) {
        // Version 0 of the header is the correlation; version 1 has tagged fields, of which there
        // are none.
        boolean isTagged = request.api().responseHeaderVersion(request.version()) >= 1;
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        answer.addSize(size, cache, request.version());
        int header = CORRELATION_BYTES + (isTagged ? 1 : 0);
        // Records have no place in these bytes: they are sent from where they are.
        ByteBuffer buffer =
                ByteBuffer.allocate(LENGTH_BYTES + header + size.sizeExcludingZeroCopy());
        AnswerWriter writer = new AnswerWriter(buffer);
        writer.writeInt(header + size.totalSize());
        writer.writeInt(request.correlation());
        if (isTagged) {
            writer.writeUnsignedVarint(0);
        }
        answer.write(writer, cache, request.version());
        return new EncodedAnswer(buffer.array(), writer.splices());
    }
}
