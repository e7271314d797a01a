package io.millrace.view;

final class MemoryViewStoreTest extends ViewStoreContract {
    private final MemoryViewStore.MemoryDisk disk = new MemoryViewStore.MemoryDisk();

    @Override
    protected ViewStore open() {
        return new MemoryViewStore(disk);
    }
}
