package io.millrace.stream;

/// Names one partition of one stream for good: a stream that is deleted and created again under its
/// name has another `streamId`, and its offsets count anew.
///
/// @param stream the stream's name
/// @param streamId the name with what tells it from earlier streams of that name
public record PartitionName(String stream, String streamId, int number) {
    @Override
    public String toString() {
        return streamId + "/" + number;
    }
}
