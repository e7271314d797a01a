package io.millrace.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ViewTableTest {
    private final MemoryViewStore.MemoryDisk disk = new MemoryViewStore.MemoryDisk();
    private final ViewTable table =
            new ViewTable(new MemoryViewStore(disk), Clock.system(), ViewLimits.DEFAULT);

    private void put(String key, String value, long next) {
        table.apply(List.of(ViewChange.put(ViewStoreContract.row(key, value))), Map.of("p", next));
    }

    private static List<ViewEntry> all(ViewStore store) {
        List<ViewEntry> found = new ArrayList<>();
        store.scan("", found::add);
        return found;
    }

    @Test
    void whatIsWrittenAnewIsAllThereWithItsProgress() throws Exception {
        put("a", "1", 1);
        put("b", "2", 2);
        table.onStore(store -> store.note("definition", "d"));
        MemoryViewStore.MemoryDisk other = new MemoryViewStore.MemoryDisk();
        try (ViewFollower early = table.follow(ViewRange.ALL, _ -> true);
                ViewFollower live = table.follow(ViewRange.ALL, _ -> true)) {
            while (!live.isLive()) {
                var _ = live.next(10, Duration.ZERO);
            }
            table.renew(new MemoryViewStore(other), List.of("definition", "absent")).abandon();
            put("c", "3", 3);
            assertThat(live.next(10, Duration.ZERO))
                    .extracting(ViewChange::key)
                    .containsExactly("c");
            MillraceException ended =
                    catchThrowableOfType(
                            MillraceException.class, () -> early.next(10, Duration.ZERO));
            assertThat(ended.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT);
        }
        ViewStore crashed = new MemoryViewStore(other);
        assertThat(all(crashed)).extracting(ViewEntry::key).containsExactly("a", "b");
        assertThat(crashed.progress()).isEqualTo(Map.of("p", 2L));
        assertThat(crashed.note("definition")).isEqualTo("d");
    }
}
