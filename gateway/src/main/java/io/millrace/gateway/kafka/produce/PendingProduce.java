package io.millrace.gateway.kafka.produce;

import io.millrace.broker.Topics.Reply;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/// A produce request whose batches are being stored. Replies may come from any thread.
final class PendingProduce {
    /// How a problem names the record that it is about.
    private static final Pattern RECORD = Pattern.compile("records\\[(\\d{1,9})]");

    private final Answer answer;
    private final boolean wantsAnswer;
    private final ProduceResponseData response = new ProduceResponseData();
    private final AtomicInteger missing = new AtomicInteger();
    private volatile boolean failed;

    PendingProduce(Answer answer, boolean wantsAnswer) {
        this.answer = answer;
        this.wantsAnswer = wantsAnswer;
    }

    void add(TopicProduceResponse topic) {
        response.responses().add(topic);
    }

    /// How many replies there will be; told before the first.
    void expect(int count) {
        missing.set(count);
        if (count == 0) {
            finish();
        }
    }

    Reply reply(PartitionProduceResponse partition) {
        return new Reply() {
            // When the requests that have arrived together are all handed over.
            @Override
            public void lend(Runnable write) {
                answer.later(write);
            }

            @Override
            public void stored(long baseOffset, long startOffset) {
                partition.setBaseOffset(baseOffset).setLogStartOffset(startOffset);
                replied();
            }

            @Override
            public void failed(MillraceException problem) {
                partition.setRecordErrors(
                        problem.problems().stream()
                                .flatMap(each -> recordError(each).stream())
                                .toList());
                PendingProduce.this.failed(
                        partition, KafkaErrors.of(problem), KafkaErrors.message(problem));
            }
        };
    }

    private static List<BatchIndexAndErrorMessage> recordError(Problem problem) {
        String field = problem.field();
        Matcher record = RECORD.matcher(field == null ? "" : field);
        return record.find()
                ? List.of(
                        new BatchIndexAndErrorMessage()
                                .setBatchIndex(Integer.parseInt(record.group(1)))
                                .setBatchIndexErrorMessage(problem.detail()))
                : List.of();
    }

    void failed(PartitionProduceResponse partition, Errors error, String message) {
        failed = true;
        partition.setErrorCode(error.code()).setBaseOffset(-1).setErrorMessage(message);
        replied();
    }

    private void replied() {
        if (missing.decrementAndGet() == 0) {
            finish();
        }
    }

    /// Who wants no answer hears of a failure only by the end of its connection, and then looks
    /// where the partitions are, as with Apache Kafka. Until everything is stored it counts as in
    /// progress, so that it cannot outrun the disk.
    private void finish() {
        if (wantsAnswer) {
            answer.send(response);
        } else if (failed) {
            answer.close("records without acknowledgement could not be stored");
        } else {
            answer.none();
        }
    }
}
