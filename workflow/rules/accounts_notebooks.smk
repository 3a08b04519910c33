"""The accounts of fragility: inputs, tables and figures of their notebook, and their evidence."""

notebook(
    "accounts",
    inputs={"measures": ACCOUNTS_MEASURES, "relabelled": ACCOUNTS_RELABELLED},
    outputs={
        "accounts": rendered(
            "accounts_by_setting", ACCOUNTS_PAGES, "Accounts by setting"
        ),
        "glance": drawn(
            "accounts_glance", ACCOUNTS_PAGES, "Which account, at a glance"
        ),
        "glance_linf": drawn(
            "accounts_glance_linf", ACCOUNTS_PAGES, "The same in l∞ and ‖∇g‖₁"
        ),
        "shares": rendered("accounts_shares", ACCOUNTS_PAGES, "Shares of the variance"),
        "slack": rendered("accounts_slack", ACCOUNTS_PAGES, "Attacks and certificates"),
        "gaps": drawn("accounts_gaps", ACCOUNTS_PAGES, "The quadrature's gap"),
        "tilt": drawn("accounts_tilt", ACCOUNTS_PAGES, "Tilt and angle on digits"),
        "gaps_table": rendered(
            "accounts_gaps", ACCOUNTS_PAGES, "The quadrature's gap, in numbers"
        ),
        "tilt_table": rendered(
            "accounts_tilt", ACCOUNTS_PAGES, "Tilt and angle, by setting"
        ),
        "inputs": rendered("accounts_inputs", ACCOUNTS_PAGES, "What was measured"),
    },
    stamped=["seed", "causes", *ACCOUNTS_STAMPED],  # it shows a claim of causes, too
    seed=config["seed"],
)

evidence(
    "accounts",
    "fragility.experiments.accounts.evidence",
    inputs={"measures": ACCOUNTS_MEASURES},
    stamped=ACCOUNTS_STAMPED,
    points=ACCOUNTS["points"],
)
