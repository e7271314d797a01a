package io.millrace.broker.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import java.util.List;
import java.util.Map;

/// The rows of a query on their way into a view.
final class RowFeed implements ViewFeed {
    private final HostedView view;
    private int lossesSeen;

    RowFeed(HostedView view) {
        this.view = view;
        this.lossesSeen = view.losses();
    }

    private void apply(ViewChange change) {
        if (view.resource().from() != null) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "the view %s is fed by a stream now".formatted(view.name()));
        }
        view.table().apply(List.of(change), Map.of());
    }

    @Override
    public void upsert(String key, Bytes json, long timeMillis) {
        if (!ViewEntry.isKey(key)) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "key",
                    "must be 1 to %d bytes long".formatted(ViewEntry.KEY_BYTES_MAX));
        }
        apply(ViewChange.put(new ViewEntry(key, json, timeMillis, null)));
    }

    @Override
    public void delete(String key, long timeMillis) {
        apply(ViewChange.delete(key, timeMillis));
    }

    @Override
    public synchronized void flush() {
        view.table().commit();
        int losses = view.losses();
        if (losses != lossesSeen) {
            lossesSeen = losses;
            throw new MillraceException(
                    ErrorCode.VIEW_FAILED,
                    "rows of the view %s were lost before they were on disk"
                            .formatted(view.name()));
        }
    }
}
