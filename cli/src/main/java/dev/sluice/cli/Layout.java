package dev.sluice.cli;

import dev.sluice.cli.Sketch.Arrow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeLabelPlacement;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * Where the boxes, arrows and labels of a sketch are, in layers along its arrows. Immutable.
 *
 * @param width the width of all
 * @param height the height of all
 * @param boxes the place of each box, by its id
 * @param ways the way of each arrow, in the sketch's order
 */
record Layout(double width, double height, Map<String, Area> boxes, List<Way> ways) {
    /** A rectangle. */
    record Area(double x, double y, double width, double height) {}

    record Point(double x, double y) {}

    /**
     * The way of an arrow.
     *
     * @param points its corners, with both ends
     * @param label the text at it, shortened
     * @param place where the text stands; empty when there is none
     */
    record Way(List<Point> points, String label, Area place) {
        Way {
            points = List.copyOf(points);
        }
    }

    static final double LABEL_HEIGHT = 16;
    static final Area NOWHERE = new Area(0, 0, 0, 0);

    private static final double WIDEST_LABEL = 190;
    private static final double LABEL_PADDING = 8;
    private static final double ROOM_FOR_ARROW = 14;
    /** A picture that is no wider is read from left to right. */
    private static final double PAGE = 1280;

    /** With more, the best way to straighten them takes too long, and the second best is taken. */
    private static final int FEW_ARROWS = 120;

    private static final double BEST_ASPECT = 1.6;

    Layout {
        boxes = Map.copyOf(boxes);
        ways = List.copyOf(ways);
    }

    /** From left to right; or, where that is wider than a page, from top to bottom if this is nearer to a page's shape. */
    static Layout of(Sketch sketch, Map<String, Face> faces) {
        Layout right = of(sketch, faces, Direction.RIGHT);
        if (right.width() <= PAGE) {
            return right;
        }
        Layout down = of(sketch, faces, Direction.DOWN);
        return down.oddness() < right.oddness() ? down : right;
    }

    private double aspect() {
        return Math.max(1, width) / Math.max(1, height);
    }

    private double oddness() {
        return Math.abs(Math.log(aspect() / BEST_ASPECT));
    }

    private static Layout of(Sketch sketch, Map<String, Face> faces, Direction direction) {
        LayoutMetaDataService.getInstance(); // makes the library's options known to it
        ElkNode graph = ElkGraphUtil.createGraph();
        graph.setProperty(LayeredOptions.DIRECTION, direction);
        graph.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        graph.setProperty(LayeredOptions.PADDING, new ElkPadding(0));
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE, 26.0);
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 30.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_NODE, 16.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 12.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 12.0);
        graph.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, ROOM_FOR_ARROW);
        graph.setProperty(LayeredOptions.SPACING_COMPONENT_COMPONENT, 36.0);
        graph.setProperty(
                LayeredOptions.NODE_PLACEMENT_STRATEGY,
                sketch.arrows().size() <= FEW_ARROWS
                        ? NodePlacementStrategy.NETWORK_SIMPLEX
                        : NodePlacementStrategy.BRANDES_KOEPF);
        graph.setProperty(LayeredOptions.RANDOM_SEED, 1);
        Map<String, ElkNode> nodes = nodes(graph, sketch, faces, direction);
        List<ElkEdge> edges = new ArrayList<>();
        for (Arrow arrow : sketch.arrows()) {
            ElkEdge edge = ElkGraphUtil.createSimpleEdge(nodes.get(arrow.from()), nodes.get(arrow.to()));
            addLabel(edge, arrow);
            edges.add(edge);
        }
        new LayeredLayoutProvider().layout(graph, new BasicProgressMonitor());
        Map<String, Area> boxes = new LinkedHashMap<>();
        nodes.forEach((id, node) -> boxes.put(id, area(node)));
        return new Layout(
                graph.getWidth(),
                graph.getHeight(),
                boxes,
                edges.stream().map(Layout::way).toList());
    }

    /** A box with many arrows is long enough for them to be told apart. */
    private static Map<String, ElkNode> nodes(
            ElkNode graph, Sketch sketch, Map<String, Face> faces, Direction direction) {
        Map<String, ElkNode> nodes = new LinkedHashMap<>();
        faces.forEach((id, face) -> {
            long in = sketch.arrows().stream()
                    .filter(arrow -> arrow.to().equals(id))
                    .count();
            long out = sketch.arrows().stream()
                    .filter(arrow -> arrow.from().equals(id))
                    .count();
            double needed = 16.0 * Math.max(in, out) + 10;
            ElkNode node = ElkGraphUtil.createNode(graph);
            node.setDimensions(
                    direction == Direction.DOWN ? Math.max(face.width(), needed) : face.width(),
                    direction == Direction.RIGHT ? Math.max(face.height(), needed) : face.height());
            nodes.put(id, node);
        });
        return nodes;
    }

    private static void addLabel(ElkEdge edge, Arrow arrow) {
        if (!arrow.label().isEmpty()) {
            String text = Lettering.SMALL.fit(Lettering.visible(arrow.label()), WIDEST_LABEL);
            ElkLabel label = ElkGraphUtil.createLabel(text, edge);
            label.setDimensions(Lettering.SMALL.width(text) + LABEL_PADDING, LABEL_HEIGHT);
            label.setProperty(LayeredOptions.EDGE_LABELS_PLACEMENT, EdgeLabelPlacement.CENTER);
            label.setProperty(LayeredOptions.EDGE_LABELS_INLINE, true);
        }
    }

    private static Area area(org.eclipse.elk.graph.ElkShape shape) {
        return new Area(shape.getX(), shape.getY(), shape.getWidth(), shape.getHeight());
    }

    private static Way way(ElkEdge edge) {
        List<Point> points = new ArrayList<>();
        for (ElkEdgeSection section : edge.getSections()) {
            points.add(new Point(section.getStartX(), section.getStartY()));
            section.getBendPoints().forEach(bend -> points.add(new Point(bend.getX(), bend.getY())));
            points.add(new Point(section.getEndX(), section.getEndY()));
        }
        if (edge.getLabels().isEmpty()) {
            return new Way(points, "", NOWHERE);
        }
        ElkLabel label = edge.getLabels().getFirst();
        return new Way(points, label.getText(), area(label));
    }
}
