package io.millrace.query.sql.function;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/// `geo_distance(lat1, lon1, lat2, lon2)`: metres along the surface of the WGS 84 ellipsoid.
public final class GeoDistance extends ScalarFunction {
    public @Nullable Double eval(
            @Nullable Double lat1,
            @Nullable Double lon1,
            @Nullable Double lat2,
            @Nullable Double lon2) {
        return lat1 == null
                        || lon1 == null
                        || lat2 == null
                        || lon2 == null
                        || !Ellipsoid.isPlace(lat1, lon1)
                        || !Ellipsoid.isPlace(lat2, lon2)
                ? null
                : (Double) Ellipsoid.distance(lat1, lon1, lat2, lon2);
    }
}
