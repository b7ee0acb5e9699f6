"""The verbs of news in the past, each with its form in a question: "when did they meet"."""

PASTS = {  # the verbs of news whose question is "did … announce"; no rule tells "fired" from "feared"
    past: base
    for base, past in (
        pair.split("/")
        for pair in (
            "accuse/accused acquire/acquired agree/agreed announce/announced approve/approved "
            "arrest/arrested arrive/arrived attack/attacked ban/banned become/became begin/began break/broke "
            "build/built buy/bought cancel/cancelled cancel/canceled close/closed collapse/collapsed "
            "declare/declared "
            "defeat/defeated demolish/demolished destroy/destroyed die/died end/ended fall/fell file/filed "
            "fire/fired host/hosted introduce/introduced invade/invaded join/joined kill/killed "
            "launch/launched leave/left lift/lifted lose/lost meet/met merge/merged move/moved open/opened "
            "order/ordered pass/passed postpone/postponed publish/published pull/pulled recall/recalled "
            "refuse/refused reject/rejected release/released remove/removed resign/resigned resume/resumed "
            "retire/retired return/returned reveal/revealed sell/sold sign/signed start/started step/stepped "
            "stop/stopped sue/sued suspend/suspended test/tested visit/visited walk/walked warn/warned "
            "win/won withdraw/withdrew"
        ).split()
    )
}
PAID = {
    past: base
    for base, past in (
        pair.split("/")
        for pair in "cost/cost raise/raised pay/paid spend/spent lose/lost earn/earned".split()
    )
}
