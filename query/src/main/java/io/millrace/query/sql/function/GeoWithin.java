package io.millrace.query.sql.function;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/// `geo_within(lat, lon, 'POLYGON((lon lat, ...))')`: whether a place is within an [Area].
/// `geo_within(lat, lon, centre_lat, centre_lon, radius)`: whether it is at most so many metres
/// away, as [Ellipsoid] measures.
public final class GeoWithin extends ScalarFunction {
    /// Metres that a degree of latitude has at least, with something to spare.
    private static final double DEGREE_METRES_MIN = 110_500;

    private transient @Nullable String lastText;
    private transient Optional<Area> lastArea = Optional.empty();
    private transient @Nullable AreaCache areas;

    /// Areas that come from a column, such as a table of geofences, by their text.
    private static final class AreaCache extends LinkedHashMap<String, Optional<Area>> {
        private static final long serialVersionUID = 1;
        private static final int ENTRIES_MAX = 1_000;

        AreaCache() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Area>> eldest) {
            return size() > ENTRIES_MAX;
        }
    }

    public @Nullable Boolean eval(
            @Nullable Double lat, @Nullable Double lon, @Nullable String area) {
        if (lat == null || lon == null || area == null || !Ellipsoid.isPlace(lat, lon)) {
            return null;
        }
        Optional<Area> parsed = parsed(area);
        return parsed.isEmpty() ? null : (Boolean) parsed.get().covers(lat, lon);
    }

    public @Nullable Boolean eval(
            @Nullable Double lat,
            @Nullable Double lon,
            @Nullable Double centreLat,
            @Nullable Double centreLon,
            @Nullable Double radiusMetres) {
        if (lat == null
                || lon == null
                || centreLat == null
                || centreLon == null
                || radiusMetres == null
                || !(radiusMetres >= 0)
                || !Ellipsoid.isPlace(lat, lon)
                || !Ellipsoid.isPlace(centreLat, centreLon)) {
            return null;
        }
        // Most places are far away, and one subtraction tells.
        return Math.abs(lat - centreLat) * DEGREE_METRES_MIN <= radiusMetres
                && Ellipsoid.distance(lat, lon, centreLat, centreLon) <= radiusMetres;
    }

    private Optional<Area> parsed(String text) {
        if (!text.equals(lastText)) {
            if (areas == null) {
                areas = new AreaCache();
            }
            lastArea = areas.computeIfAbsent(text, GeoWithin::parse);
            lastText = text;
        }
        return lastArea;
    }

    private static Optional<Area> parse(String text) {
        try {
            return Optional.of(WellKnownText.area(text));
        } catch (WellKnownText.Malformed _) {
            return Optional.empty();
        }
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(super.getTypeInference(types), GeoWithin::check);
    }

    private static void check(CallContext call) {
        if (call.getArgumentDataTypes().size() == 3) {
            ConstantArguments.value(call, 2, String.class).ifPresent(text -> checkArea(call, text));
        } else if (ConstantArguments.value(call, 4, Double.class).orElse(0.0) < 0) {
            throw call.newValidationError(
                    "geo_within's radius is in metres and must not be negative.");
        }
    }

    private static void checkArea(CallContext call, String text) {
        try {
            WellKnownText.area(text);
        } catch (WellKnownText.Malformed e) {
            throw call.newValidationError("geo_within's area is %s", e.getMessage());
        }
    }
}
