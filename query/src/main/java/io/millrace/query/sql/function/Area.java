package io.millrace.query.sql.function;

import java.util.List;

/// Polygons on the map: x is the longitude, y the latitude, both in degrees; edges are straight
/// lines on that map, as in GeoJSON. A place on a ring, be it the outer one or a hole's, is within.
///
/// Nothing wraps around: an area over the antimeridian goes beyond 180 (`170 .. 190`) or is two
/// polygons. A place is looked for at its longitude, and at the same one a turn further east and
/// west.
record Area(List<Polygon> polygons) {
    private static final double TURN = 360;

    boolean covers(double latitude, double longitude) {
        for (int i = 0; i < polygons.size(); i++) {
            Polygon polygon = polygons.get(i);
            if (polygon.covers(longitude, latitude)
                    || polygon.covers(longitude + TURN, latitude)
                    || polygon.covers(longitude - TURN, latitude)) {
                return true;
            }
        }
        return false;
    }

    /// An outer ring and the holes in it.
    record Polygon(Ring outer, List<Ring> holes) {
        boolean covers(double x, double y) {
            if (outer.side(x, y) == Side.OUTSIDE) {
                return false;
            }
            for (int i = 0; i < holes.size(); i++) {
                if (holes.get(i).side(x, y) == Side.INSIDE) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Where a place is, seen from a ring.
    enum Side {
        INSIDE,
        ON_EDGE,
        OUTSIDE
    }

    /// A closed line: its last point is its first.
    static final class Ring {
        /// About a tenth of a millimetre on the ground.
        private static final double EDGE_WIDTH = 1e-9;

        private final double[] x;
        private final double[] y;
        private double west = Double.POSITIVE_INFINITY;
        private double east = Double.NEGATIVE_INFINITY;
        private double south = Double.POSITIVE_INFINITY;
        private double north = Double.NEGATIVE_INFINITY;

        Ring(double[] x, double[] y) {
            this.x = x;
            this.y = y;
            for (int i = 0; i < x.length; i++) {
                west = Math.min(west, x[i] - EDGE_WIDTH);
                east = Math.max(east, x[i] + EDGE_WIDTH);
                south = Math.min(south, y[i] - EDGE_WIDTH);
                north = Math.max(north, y[i] + EDGE_WIDTH);
            }
        }

        /// Counts how often a ray to the east crosses the ring.
        Side side(double px, double py) {
            if (px < west || px > east || py < south || py > north) {
                return Side.OUTSIDE;
            }
            boolean inside = false;
            for (int i = 1; i < x.length; i++) {
                if (isOnEdge(i, px, py)) {
                    return Side.ON_EDGE;
                }
                // Half open, so that a corner counts for one of its two edges only.
                boolean spans = (y[i - 1] > py) != (y[i] > py);
                if (spans
                        && px
                                < x[i - 1]
                                        + (py - y[i - 1]) / (y[i] - y[i - 1]) * (x[i] - x[i - 1])) {
                    inside = !inside;
                }
            }
            return inside ? Side.INSIDE : Side.OUTSIDE;
        }

        private boolean isOnEdge(int i, double px, double py) {
            double dx = x[i] - x[i - 1];
            double dy = y[i] - y[i - 1];
            double qx = px - x[i - 1];
            double qy = py - y[i - 1];
            double square = dx * dx + dy * dy;
            double along = square == 0 ? 0 : Math.clamp((qx * dx + qy * dy) / square, 0.0, 1.0);
            double offX = qx - along * dx;
            double offY = qy - along * dy;
            return offX * offX + offY * offY <= EDGE_WIDTH * EDGE_WIDTH;
        }
    }
}
